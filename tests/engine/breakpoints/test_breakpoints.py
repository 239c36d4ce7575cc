"""Every kind of breakpoint stops at exactly the update that a loop by hand finds, and changes no bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.architectures import architectures
from engine.breakpoints import breakpoints
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, Training
from engine.layout import Layout
from engine.learned import Learned, fresh
from engine.samples import first_light, mlp
from engine.session import Advance, Edit, Mailbox, Open, Play, Seek, SetBreakpoints
from engine.session.watching import Watching
from engine.session.worker import Worker
from engine.timeline import Timeline
from engine.trainer import Trainer


def relu_net(rate: float = 3.0) -> Document:
    """XOR with ReLU at a rate that kills neurons."""
    return mlp(
        2, 6, 1, hidden="relu", optimizer=Spec.of("gradient_descent", learning_rate=rate),
        training=Training(seed=6),
    )  # fmt: skip


def batches() -> Document:
    return mlp(
        2, 4, 1, optimizer=Spec.of("adam", learning_rate=0.05), training=Training(batch_size=2, seed=5)
    )


def trainer_of(document: Document) -> Trainer:
    return Trainer(document, data_of(document), fresh(document))


def output(trainer: Trainer) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """z of the hidden layer and the predictions, by hand."""
    p, X = trainer.store.parameters, trainer.data.X
    z1 = p["hidden.W.input"] @ X + p["hidden.b"]
    hidden = trainer.document.layer("hidden").spec.get("activation")
    a1 = np.maximum(z1, 0) if hidden == Spec("relu") else np.tanh(z1)
    return {"z": z1}, 1 / (1 + np.exp(-(p["output.W.hidden"] @ a1 + p["output.b"])))


def by_hand(document: Document, happened, most: int = 3000) -> int:
    """The first update after which ``happened(before, after)`` of states taken by hand."""
    trainer = trainer_of(document)
    trainer.advance(0)
    before = state(trainer)
    for _ in range(most):
        trainer.advance(1)
        after = state(trainer)
        if happened(before, after):
            return trainer.step
        before = after
    raise AssertionError("it never happened")


def state(trainer: Trainer) -> dict[str, object]:
    z, a = output(trainer)
    return {
        "step": trainer.step,
        "J": trainer.curve.values[-1] if len(trainer.curve) else np.inf,
        "right": ((a[0] >= 0.5) == (trainer.data.Y[0] >= 0.5)).copy(),
        "dead": (z["z"] <= 0).all(axis=1),
        "W": trainer.store.parameters["hidden.W.input"].copy(),
        "b": trainer.store.parameters["hidden.b"].copy(),
        "dW": {key: value.copy() for key, value in trainer.store.gradients.items()} if trainer.step else {},
    }


def norm(found, layer: str) -> float:
    parts = [np.sum(value**2) for key, value in found["dW"].items() if key.startswith(layer)]
    return float(np.sqrt(np.sum(parts))) if parts else np.inf


CASES = {
    "epoch": (batches, Spec.of("epoch", number=20), lambda old, new: new["step"] == 40),
    "update": (batches, Spec.of("epoch", number=7, count="updates"), lambda old, new: new["step"] == 7),
    "loss": (batches, Spec.of("loss_below", bound=0.3), lambda old, new: new["J"] < 0.3),
    "any example": (batches, Spec("example"), lambda old, new: (old["right"] != new["right"]).any()),
    "one example": (
        batches, Spec.of("example", example=2), lambda old, new: old["right"][1] != new["right"][1],
    ),
    "correct": (
        batches,
        Spec.of("example", becomes="correct"),
        lambda old, new: (new["right"] & ~old["right"]).any(),
    ),
    "misclassified": (
        batches,
        Spec.of("example", becomes="misclassified"),
        lambda old, new: (old["right"] & ~new["right"]).any(),
    ),
    "any sign": (
        batches, Spec.of("sign", layer="hidden"), lambda old, new: (old["W"] * new["W"] < 0).any(),
    ),
    "bias": (
        batches,
        Spec.of("sign", layer="hidden", part="biases"),
        # biases begin at exactly 0, which is no sign
        lambda old, new: (old["b"] * new["b"] < 0).any(),
    ),
    "dead": (relu_net, Spec("dead"), lambda old, new: (new["dead"] & ~old["dead"]).any()),
    "gradient below": (
        batches,
        Spec.of("gradient", layer="hidden", bound=0.05),
        lambda old, new: norm(new, "hidden") < 0.05,
    ),
    "gradient above": (
        batches,
        Spec.of("gradient", layer="output", passes="above", bound=0.2),
        lambda old, new: norm(new, "output") > 0.2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_stops_right_after_the_first_update_for_which_it_holds(name: str) -> None:
    document, spec, happened = CASES[name]
    want = by_hand(document(), happened)
    worker = playing(document(), spec)
    run(worker)
    assert worker.trainer.step == want
    hit = worker.watching.hit
    assert hit.step == want and hit.specs == (breakpoints.make(spec).spec,)
    assert hit.sentence.startswith(f"Update {want}: ") and hit.sentence.endswith(".")


def playing(document: Document, *specs: Spec, pace: float | None = None) -> Worker:
    worker = Worker(Mailbox())
    worker.obey(Open(1, document))
    worker.obey(SetBreakpoints(specs))
    worker.obey(Play(pace))
    return worker


def run(worker: Worker, most: int = 20_000) -> None:
    for _ in range(most):
        if not worker.running or worker.trainer.step > 6000:
            break
        worker.work()
        worker.publish(force=True)
    assert not worker.running
    worker.publish(force=True)
    found, _, _ = worker.mailbox.take()
    assert not found.running and found.hit == worker.watching.hit


def test_the_synapse_that_is_chosen_is_the_one_that_stops() -> None:
    trainer = trainer_of(batches())
    while True:
        old = trainer.store.parameters["hidden.W.input"].copy()
        trainer.advance(1)
        new = trainer.store.parameters["hidden.W.input"]
        if (old * new < 0).any():
            i, j = np.argwhere(old * new < 0)[0]
            break
    layer = batches().layer
    spec = Spec.of(
        "sign", layer="hidden", source="input",
        receiver=layer("hidden").units[i], sender=layer("input").units[j],
    )  # fmt: skip
    worker = playing(batches(), spec)
    run(worker)
    assert worker.trainer.step == trainer.step
    assert f"w[1]_{{{i + 1},{j + 1}}} is {'positive' if new[i, j] > 0 else 'negative'} now" in (
        worker.watching.hit.sentence
    )
    assert breakpoints.make(spec).said(trainer.layout) == f"w[1]_{{{i + 1},{j + 1}}} changes its sign"


def test_the_sentence_names_the_example_and_whether_it_is_right() -> None:
    worker = playing(batches(), Spec.of("example", becomes="correct"))
    run(worker)
    sentence = worker.watching.hit.sentence
    number = int(sentence.split("example ")[1].split(" ")[0])
    x = worker.trainer.data.X[:, number - 1]
    assert f"example {number} (x = {x[0]:g}, {x[1]:g}) is now classified as" in sentence
    assert "and that is right." in sentence


ALL = tuple(Spec(each.kind) for each in breakpoints)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adam"])
def test_no_bit_of_the_training_changes(optimizer: str) -> None:
    document = mlp(
        2,
        4,
        1,
        hidden="relu",
        optimizer=Spec(optimizer),
        training=Training(batch_size=3, seed=5, shuffle=True),
    )
    plain, watched = trainer_of(document), trainer_of(document)
    plain.advance(400)
    watching, timeline = Watching(), Timeline(watched)
    watching.watch_for(ALL)
    watching.follow(watched)
    while watched.step < 400:
        watching.advance(timeline, 400 - watched.step)
    assert plain.learned.same_bits(watched.learned)
    assert np.array_equal(plain.curve.values, watched.curve.values)


def test_playing_on_passes_a_breakpoint_and_finds_the_next_event() -> None:
    worker = playing(batches(), Spec("example"))
    run(worker)
    first = worker.trainer.step
    worker.obey(Play())
    run(worker)
    assert worker.trainer.step > first
    reference = trainer_of(batches())
    reference.advance(worker.trainer.step)
    assert worker.now.learned.same_bits(reference.learned)


@pytest.mark.parametrize("name", ["loss", "any example", "dead", "gradient below", "any sign"])
def test_before_it_and_on_again_stops_at_the_same_update(name: str) -> None:
    document, spec, _ = CASES[name]
    worker = playing(document(), spec)
    run(worker)
    want, there = worker.trainer.step, worker.now.learned
    worker.obey(Seek(want - 1))
    assert worker.trainer.step == want - 1
    worker.obey(Play())
    run(worker)
    assert worker.trainer.step == want
    assert worker.now.learned.same_bits(there)
    worker.obey(Seek(0))
    worker.obey(Play(1000.0))
    run(worker, 10_000_000)
    assert worker.trainer.step == want


def test_some_updates_at_once_stop_there_too() -> None:
    worker = playing(batches(), Spec.of("epoch", number=3))
    worker.obey(Advance(100))
    assert worker.trainer.step == 6 and not worker.running


def test_two_at_the_same_update_are_both_told() -> None:
    worker = playing(batches(), Spec.of("epoch", number=2), Spec.of("epoch", number=4, count="updates"))
    run(worker)
    assert (
        worker.watching.hit.sentence == "Update 4: epoch 2 is done. Also: the number that was set is reached."
    )


def test_what_cannot_happen_here_says_why_and_stops_nothing() -> None:
    document = mlp(2, 4, 1)
    layout, data = Layout(document), data_of(document)
    unfit = {
        Spec("dead"): "Only neurons with ReLU",
        Spec.of("sign", layer="gone"): "no longer part",
        Spec.of("gradient", layer="gone"): "no longer part",
        Spec.of("example", example=99): "only 4 examples",
        Spec.of("sign", layer="hidden", receiver=99): "no longer there",
    }
    for spec, words in unfit.items():
        found = breakpoints.make(spec)
        assert words in found.unfit(layout, data) and found.said(layout)
    worker = playing(document, *unfit)
    for _ in range(5):
        worker.work()
    assert worker.running and worker.trainer.step > 0


def test_an_edit_goes_on_with_the_breakpoints_that_still_fit() -> None:
    worker = playing(relu_net(), Spec.of("epoch", number=5, count="updates"), Spec("dead"))
    training = replace(relu_net().training, seed=6)
    worker.obey(Edit(2, 1, replace(relu_net(0.01), training=training)))
    worker.obey(Play())
    run(worker)
    assert worker.trainer.step == 5


def test_another_project_begins_without() -> None:
    worker = playing(batches(), Spec.of("epoch", number=1))
    run(worker)
    worker.obey(Open(2, first_light()))
    worker.obey(Play())
    worker.work()
    worker.publish(force=True)
    assert worker.running and worker.mailbox.take()[0].hit is None


def test_an_unknown_kind_is_refused_with_a_sentence() -> None:
    worker = playing(batches(), Spec("nonsense"))
    _, _, notices = worker.mailbox.take()
    assert notices == ["This version of Axon has no breakpoint called 'nonsense'."]


def test_divergence_still_says_so() -> None:
    document = mlp(
        2, 4, 1, hidden="relu", output="identity", loss=Spec("mse"),
        optimizer=Spec.of("gradient_descent", learning_rate=1000.0),
    )  # fmt: skip
    worker = playing(document, Spec.of("epoch", number=100_000))
    for _ in range(1000):
        worker.work()
    assert not worker.running and "Training stopped at update" in worker.watching.hit.sentence


def test_learned_is_untouched_by_watching_alone() -> None:
    trainer = trainer_of(relu_net())
    before: Learned = trainer.learned
    watching = Watching()
    watching.watch_for(ALL)
    watching.follow(trainer)
    watching.advance(Timeline(trainer), 0)
    assert trainer.learned.same_bits(before)


@pytest.mark.parametrize("kind", ["perceptron", "autoencoder", "gan", "two_tower", "sequence_tagger"])
def test_no_bit_changes_in_other_architectures_and_ways_of_training(kind: str) -> None:
    document = architectures.make(kind).document()
    plain, watched = trainer_of(document), trainer_of(document)
    plain.advance(4)
    watching, timeline = Watching(), Timeline(watched)
    watching.watch_for((*ALL, Spec.of("sign", part="weights and biases")))
    watching.follow(watched)
    while watched.step < 4:
        watching.advance(timeline, 4 - watched.step)
    assert plain.learned.same_bits(watched.learned)
