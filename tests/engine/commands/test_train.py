"""``train``: what it learns, reports and saves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import cli
from engine.architectures import architectures
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Training
from engine.evaluation import evaluate
from engine.feeding import Feeding
from engine.files import Project, open_project, save_project
from engine.learned import fresh
from engine.samples import mlp
from engine.stopping import fit
from engine.trainer import Trainer


def test_training_learns_xor(xor, tmp_path, said, answer):
    output = tmp_path / "done.json"
    found = answer("train", xor, "--epochs", 2000, "--output", output)
    assert list(found) == [
        "command", "file", "epochs", "updates", "seed", "loss_first", "loss", "accuracy",
        "parameters", "seconds", "updates_per_second", "output",
    ]  # fmt: skip
    assert found["accuracy"] == 1.0
    assert found["loss"] < 0.05 < found["loss_first"]
    assert (found["epochs"], found["updates"], found["seed"]) == (2000, 2000, 1)
    assert found["parameters"] == {
        key: value.tolist() for key, value in open_project(output).learned.parameters.items()
    }
    words = said("train", xor, "--epochs", 20).splitlines()
    assert len(words) == 12
    assert words[0].startswith("epoch  2   J = ")


def test_a_seed_starts_anew(xor, tmp_path, said, answer):
    output = tmp_path / "a.axon"
    said("train", xor, "--epochs", 5, "--output", output)
    one = answer("train", output, "--epochs", 1, "--seed", 7)
    two = answer("train", xor, "--epochs", 1, "--seed", 7, "--output", output)
    assert one["parameters"] == two["parameters"]
    assert one["seed"] == 7
    assert open_project(output).learned.step == 1
    assert open_project(output).document.training.seed == 7


def test_in_two_portions_it_is_the_same(xor, tmp_path, said):
    once, first, second = (tmp_path / name for name in ("once.axon", "first.json", "second.axon"))
    said("train", xor, "--epochs", 30, "--output", once)
    said("train", xor, "--epochs", 10, "--output", first)
    said("train", first, "--epochs", 20, "--output", second)
    one, two = open_project(once), open_project(second)
    assert one.learned.same_bits(two.learned)
    assert one.curve.tobytes() == two.curve.tobytes()
    assert len(one.curve) == 30


@pytest.fixture
def moons(tmp_path):
    """A network with some of its examples held out."""

    def made(**training):
        document = mlp(
            2, 12, 1, data=Spec.of("moons", noise=0.4), optimizer=Spec.of("adam", learning_rate=0.05),
            training=Training(**{"held_out": 0.5, "batch_size": 16, "shuffle": True, **training}),
        )  # fmt: skip
        path = tmp_path / "moons.axon"
        save_project(Project.new(document), path)
        return document, path

    return made


def test_the_validation_loss_is_that_of_the_held_out_examples(moons, tmp_path, said, answer):
    document, path = moons(label_noise=0.3)
    data, output = data_of(document), tmp_path / "out.axon"
    found = answer("train", path, "--epochs", 12, "--output", output)
    learned = open_project(output).learned
    feeding = Feeding(document, data)
    held_out, chosen = feeding.batches.held_out, feeding.batches.chosen
    validation = evaluate(document, data, learned, held_out)
    assert found["validation"] == {
        "examples": len(held_out),
        "loss": validation.J,
        "metrics": validation.metrics,
        "stopped_early": False,
        "epoch": 12,
    }
    noisy = replace(data, Y=feeding.Y)
    assert found["loss"] == evaluate(document, noisy, learned, chosen).J
    assert found["accuracy"] == evaluate(document, noisy, learned, chosen).metrics["accuracy"]
    assert found["loss_first"] == evaluate(document, noisy, fresh(document), chosen).J
    words = said("train", path, "--epochs", 12).splitlines()
    assert len(words) == 15
    assert f"epoch 12   J = {found['loss']:.6f}   validation {validation.J:.6f}" in words
    assert f"held out {len(held_out)} examples: {validation}" in words


def test_patience_ends_the_training_at_its_best(moons, tmp_path, said, answer):
    document, path = moons(patience=4, batch_size=8)
    output = tmp_path / "out.axon"
    trainer = Trainer(document, data_of(document), fresh(document))
    report = fit(trainer, epochs=300)
    assert report.early
    found = answer("train", path, "--epochs", 300, "--output", output)
    project = open_project(output)
    assert project.learned.same_bits(trainer.learned)
    assert len(project.curve) == project.learned.step == trainer.step < report.updates == found["updates"]
    assert np.array_equal(project.curve, trainer.curve.values[: trainer.step])
    assert found["validation"]["stopped_early"]
    assert found["validation"]["epoch"] == report.best.epoch
    assert found["validation"]["loss"] == report.best.loss
    words = said("train", path, "--epochs", 300)
    assert report.reason in words.splitlines()
    again = answer("train", output, "--epochs", 2)
    assert again["loss_first"] == found["loss"]


def test_one_seed_one_result(moons, answer):
    _, path = moons(patience=4, batch_size=8)
    one, two = (answer("train", path, "--epochs", 50) for _ in range(2))
    for found in (one, two):
        del found["seconds"], found["updates_per_second"]
    assert one == two


def test_patience_without_held_out_examples_is_a_sentence(moons, capsys):
    _, path = moons(patience=4, held_out=0.0)
    assert cli.main(["train", str(path)]) == 1
    assert capsys.readouterr().err.strip().endswith("there are none: hold some out, or switch it off.")


def test_both_sides_of_a_game_are_told(tmp_path, said, answer):
    """J of each turn is the mean over an epoch of its own updates; the first one here is the generator's."""
    start, output = tmp_path / "game.axon", tmp_path / "played.axon"
    document = architectures.make(Spec.of("gan", units=4, hidden=1)).document()
    document = replace(document, training=replace(document.training, batch_size=500))
    save_project(replace(Project.new(document), learned=replace(fresh(document), step=1, clock=0)), start)
    found = answer("train", start, "--epochs", 3, "--output", output)
    curve = open_project(output).curve
    assert found["updates"] == len(curve) == 24
    own = {"generator": curve[0::2], "discriminator": curve[1::2]}
    assert set(found["turns"]) == set(own)
    for name, values in own.items():
        assert found["turns"][name]["loss_first"] == pytest.approx(values[:4].mean())
        assert found["turns"][name]["loss"] == pytest.approx(values[-4:].mean())
    words = said("train", start, "--epochs", 3).splitlines()
    last = found["turns"]["generator"]["loss"]
    assert (
        words[-2] == f"J of the generator from {found['turns']['generator']['loss_first']:.6f} to {last:.6f}"
    )
    assert words[-1] == f"accuracy of the discriminator {found['accuracy']:.1%}"
    assert words[2].startswith("epoch 3   discriminator J = ")
    assert words[2].endswith(f"generator J = {last:.6f}")


def test_where_there_is_one_turn_no_turns_are_told(xor, answer):
    assert "turns" not in answer("train", xor, "--epochs", 2)
