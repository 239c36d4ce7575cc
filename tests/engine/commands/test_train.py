"""``train``: what it learns, reports and saves."""

from __future__ import annotations

from engine.files import open_project


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
