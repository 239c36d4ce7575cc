"""The trainer: updates, batches, the curve, and the sentence when it diverges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.batches import Batches
from engine.core.problems import DivergenceError, DocumentError
from engine.core.spec import Spec
from engine.curve import Curve
from engine.data_of import data_of
from engine.datasets.base import Data
from engine.document import Document, Training, edits
from engine.learned import Learned, fresh, restarted
from engine.samples import first_light, mlp
from engine.timeline import Timeline
from engine.trainer import Trainer

OPTIMIZERS = ["gradient_descent", "momentum", "adam"]


def test_xor_is_learned() -> None:
    document = mlp(2, 4, 1, training=Training(seed=1))
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(3000)
    assert trainer.network(4).J < 0.01
    assert (trainer.network(4).a.round() == trainer.data.Y).all()


def test_the_network_that_the_window_opens_with_learns() -> None:
    document = first_light()
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(3000)
    assert trainer.curve.values[-1] < 0.01


def test_the_curve_holds_the_loss_before_each_update(
    some_data: Callable[..., Data], running: Callable[..., object]
) -> None:
    document = mlp(2, 3, 1)
    data = some_data(document)
    trainer = Trainer(document, data, fresh(document))
    for update in range(3):
        network = running(document, data, trainer.learned)
        for call in network.calls():  # type: ignore[attr-defined]
            call()
        trainer.advance()
        assert trainer.curve.values[update] == network.J  # type: ignore[attr-defined]
    assert trainer.step == len(trainer.curve) == 3


def test_the_curve_grows() -> None:
    curve = Curve(5)
    for update in range(5, 5005):
        curve.record(update, float(update))
    assert len(curve) == 5000
    assert curve.end == 5005
    assert curve.values[0] == 5.0
    assert curve.since(5000).tolist() == [5000.0, 5001.0, 5002.0, 5003.0, 5004.0]
    assert len(curve.since(0)) == 5000
    assert not curve.values.flags.writeable
    curve.record(10, -1.0)
    assert len(curve) == 5000
    assert curve.values[5] == -1.0
    curve.extend(5003, np.arange(7.0))
    assert curve.values[-8:].tolist() == [5002.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    copy = curve.copy()
    copy.record(5, 9.0)
    assert curve.values[0] == 5.0
    assert (copy.start, len(copy)) == (5, 5005)
    copy.extend(5010, np.ones(9000))
    assert len(copy) == 14005


@pytest.mark.parametrize("step", [0, 3, 10_000])
def test_another_state_of_any_update_can_be_loaded(step: int, some_data: Callable[..., Data]) -> None:
    """Back to the first weights, or on from a state far ahead: the curve goes along."""
    document = mlp(2, 3, 1)
    trainer = Trainer(document, some_data(document), replace(fresh(document), step=5))
    trainer.advance(4)
    trainer.load(replace(restarted(document, trainer.learned), step=step))
    trainer.advance(2)
    assert trainer.step == step + 2
    assert trainer.curve.end >= step + 2
    assert len(trainer.curve.since(step)) >= 2
    assert np.isfinite(trainer.curve.since(step)).all()
    assert (trainer.curve.since(step) > 0).all()


# ---------------------------------------------------------------- batches


def test_positions() -> None:
    batches = Batches(10, Training(batch_size=4))
    assert (batches.size, batches.count) == (4, 3)
    assert [len(batches.examples(update)) for update in range(4)] == [4, 4, 2, 4]
    assert str(batches.position(0)) == "update 1 = epoch 1, batch 1 of 3"
    assert str(batches.position(6)) == "update 7 = epoch 3, batch 1 of 3"


@pytest.mark.parametrize("size", [None, 1, 3, 10, 99])
@pytest.mark.parametrize("shuffle", [False, True])
def test_every_epoch_has_every_example_once(size: int | None, shuffle: bool) -> None:
    batches = Batches(10, Training(size, shuffle, 3))
    orders = []
    for epoch in range(4):
        updates = range(epoch * batches.count, (epoch + 1) * batches.count)
        order = np.concatenate([batches.examples(update) for update in updates])
        assert sorted(order) == list(range(10))
        orders.append(tuple(order))
    assert (len(set(orders)) == 1) == (not shuffle)
    assert batches.always_all == (not shuffle and size in {None, 10, 99})


def test_the_order_depends_on_seed_and_epoch_alone() -> None:
    one, two = Batches(50, Training(7, True, 3)), Batches(50, Training(7, True, 3))
    late = two.examples(23).copy()
    assert [one.examples(update).tolist() for update in range(24)][-1] == late.tolist()
    other = Batches(50, Training(7, True, 4))
    assert other.examples(0).tolist() != one.examples(0).tolist()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("training", [Training(), Training(2), Training(3, True), Training(None, True)])
def test_one_by_one_is_all_at_once(
    optimizer: str, training: Training, some_data: Callable[..., Data]
) -> None:
    document = mlp(2, 3, 1, optimizer=Spec(optimizer), training=training)
    data = some_data(document, 7)
    one, two = (Trainer(document, data, fresh(document)) for _ in range(2))
    one.advance(11)
    for _ in range(11):
        two.advance()
    assert one.learned.same_bits(two.learned)
    assert one.curve.values.tobytes() == two.curve.values.tobytes()
    assert one.position == two.position
    assert one.learned.step == 11


def test_the_mean_stands_in_one_place(some_data: Callable[..., Data], make_data: Callable[..., Data]) -> None:
    """Every example twice is the same mean, so the same update."""
    document = mlp(2, 3, 1)
    data = some_data(document, 3)
    twice = make_data(np.hstack([data.X, data.X]), np.hstack([data.Y, data.Y]))
    one, two = Trainer(document, data, fresh(document)), Trainer(document, twice, fresh(document))
    for each in (one, two):
        each.advance(5)
    for key, values in one.learned.parameters.items():
        assert values == pytest.approx(two.learned.parameters[key], abs=1e-14)


# ---------------------------------------------------------------- divergence


def diverging(**chosen: object) -> Document:
    rate = chosen.pop("rate", 500.0)
    return mlp(
        2, 4, 1, hidden="relu", output="identity", loss=Spec("mse"),
        optimizer=Spec.of("gradient_descent", learning_rate=rate), **chosen,
    )  # fmt: skip


def same_state(one: Learned, two: Learned) -> bool:
    return one.same_bits(two)


def test_divergence_is_a_sentence(some_data: Callable[..., Data]) -> None:
    document = diverging()
    trainer = Trainer(document, some_data(document), fresh(document))
    with pytest.raises(DivergenceError) as caught:
        trainer.advance(1000)
    said = str(caught.value)
    assert said.startswith(f"Training stopped at update {trainer.step + 1}: the loss J")
    assert "The learning rate 500 is probably too large." in said
    assert said.endswith("The last good state is kept.")
    assert len(trainer.curve) == trainer.step
    assert np.isfinite(trainer.curve.values).all()


def test_the_layer_and_the_likely_cause_are_named(
    some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    """The first layer that is not finite; and data, learning rate or logarithm as the cause."""
    document = mlp(2, 3, 1, hidden="relu", output="identity", loss=Spec("mse"))
    data, learned = some_data(document), some_learned(document)
    endless = replace(data, X=np.where(np.arange(data.m) == 1, np.inf, data.X))
    huge = replace(learned, parameters={key: each * 1e300 for key, each in learned.parameters.items()})
    sure = mlp(2, 1, output="hard_sigmoid", loss=Spec("bce"))
    saturated = replace(
        fresh(sure), parameters={"output.W.input": np.full((1, 2), 1e3), "output.b": np.zeros((1, 1))}
    )
    for network, examples, weights, where, cause in (
        (document, endless, learned, "first in layer [0] 'input'", "The data has a number that is infinite"),
        (document, data, huge, "first in layer [2] 'output'", "The learning rate 0.5 is probably too large"),
        (sure, replace(data, X=np.ones((2, 4)), Y=np.zeros((1, 4))), saturated, "bounds.", "exactly 0 or 1"),
    ):
        with pytest.raises(DivergenceError) as caught:
            Trainer(network, examples, weights).advance(1)
        assert where in str(caught.value)
        assert cause in str(caught.value)


def test_a_learning_rate_that_was_left_as_it_is_is_named_too(
    some_data: Callable[..., Data], make_data: Callable[..., Data]
) -> None:
    document = replace(diverging(), optimizer=Spec("gradient_descent"))
    data = some_data(document)
    trainer = Trainer(document, make_data(1e3 * data.X, data.Y), fresh(document))
    with pytest.raises(DivergenceError, match=r"The learning rate 0\.5 is probably too large"):
        trainer.advance(1000)


@pytest.mark.parametrize("batch", [None, 2])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_weights_that_gave_the_bad_loss_are_still_there(
    optimizer: str, batch: int | None, some_data: Callable[..., Data]
) -> None:
    """An update whose J is not finite changes nothing: neither weights nor memory nor the count."""
    document = mlp(
        2, 4, 1, output="identity", loss=Spec("mse"), optimizer=Spec(optimizer), training=Training(batch)
    )
    data = some_data(document)
    bad = replace(data, X=np.where(np.arange(data.m) == 3, 1e308, data.X))
    trainer = Trainer(document, replace(bad, X=bad.X * np.inf), fresh(document))
    before = trainer.learned
    with pytest.raises(DivergenceError):
        trainer.advance(5)
    assert trainer.learned.same_bits(before)


@pytest.mark.parametrize("batch", [None, 2])
def test_the_timeline_keeps_the_last_good_state(batch: int | None, some_data: Callable[..., Data]) -> None:
    document = diverging(training=Training(batch, batch is not None))
    data = some_data(document)
    timeline = Timeline(Trainer(document, data, fresh(document)))
    with pytest.raises(DivergenceError):
        timeline.advance(1000)
    kept = timeline.trainer.learned
    assert all(np.isfinite(each).all() for each in kept.parameters.values())
    other = Trainer(document, data, fresh(document))
    other.advance(kept.step)
    assert same_state(other.learned, kept)
    assert np.isfinite(timeline.trainer.curve.values).all()
    timeline.seek(0)
    assert same_state(timeline.trainer.learned, fresh(document))


def test_divergence_at_the_very_first_update(some_data: Callable[..., Data]) -> None:
    """The state at the start of the timeline comes back too."""
    document = mlp(2, 4, 1, output="identity", loss=Spec("mse"))
    data = some_data(document, 9)
    data = replace(data, Y=np.full_like(data.Y, 1e200))
    timeline = Timeline(Trainer(document, data, fresh(document)))
    with pytest.raises(DivergenceError):
        timeline.advance(3)
    assert timeline.trainer.learned.same_bits(fresh(document))


def test_a_finite_loss_with_weights_beyond_all_bounds(some_data: Callable[..., Data]) -> None:
    document = diverging(rate=1000.0)
    start = fresh(document)
    huge = replace(start, parameters={key: 1e60 * each for key, each in start.parameters.items()})
    timeline = Timeline(Trainer(document, some_data(document), huge))
    with pytest.raises(DivergenceError):
        timeline.advance(50)
    kept = timeline.trainer.learned
    assert all(np.isfinite(each).all() for each in kept.parameters.values())


@pytest.mark.parametrize(
    ("sizes", "chosen", "sentence"),
    [
        (
            (2, 4, 1),
            {"output": "tanh", "loss": Spec("bce")},
            "Binary cross-entropy needs predictions between 0 and 1, and tanh gives others:"
            " choose another activation for the output, or another loss.",
        ),
        (
            (2, 4, 1),
            {"output": "softmax", "loss": Spec("cross_entropy")},
            "Cross-entropy needs at least 2 outputs: add one, or choose another loss.",
        ),
    ],
)
def test_a_loss_that_makes_no_sense_is_refused(
    sizes: tuple[int, ...], chosen: dict[str, Any], sentence: str, some_data: Callable[..., Data]
) -> None:
    document = mlp(*sizes, **chosen)
    with pytest.raises(DocumentError) as refused:
        Trainer(document, some_data(document), fresh(document))
    assert str(refused.value) == sentence
    assert refused.value.layer == "output"


def test_training_leaves_the_document_and_the_data(some_data: Callable[..., Data]) -> None:
    document = mlp(2, 3, 1)
    data = some_data(document)
    X, Y, start = data.X.copy(), data.Y.copy(), fresh(document)
    bits = {key: each.tobytes() for key, each in start.parameters.items()}
    Trainer(document, data, start).advance(5)
    assert np.array_equal(data.X, X)
    assert np.array_equal(data.Y, Y)
    assert {key: each.tobytes() for key, each in start.parameters.items()} == bits


def test_a_state_is_frozen(some_data: Callable[..., Data]) -> None:
    document = edits.set_optimizer(mlp(2, 3, 1), spec=Spec("adam"))
    trainer = Trainer(document, some_data(document), fresh(document))
    trainer.advance(2)
    state = trainer.learned
    bits = state.parameters["hidden.W.input"].tobytes()
    trainer.advance(2)
    assert state.parameters["hidden.W.input"].tobytes() == bits
    for vector in (state.parameters, state.initial, *state.memory.values()):
        assert not any(each.flags.writeable for each in vector.values())


@pytest.mark.parametrize("at_once", [1, 200])
@pytest.mark.parametrize("held_out", [0.0, 0.2])
def test_it_does_not_matter_how_many_batches_are_gathered_at_once(
    at_once: int, held_out: float, monkeypatch: pytest.MonkeyPatch, some_data: Callable[..., Data]
) -> None:
    training = Training(batch_size=3, shuffle=True, held_out=held_out)
    document = mlp(2, 3, 1, training=training)
    data = some_data(document, 20)
    whole = Trainer(document, data, fresh(document))
    monkeypatch.setattr("engine.trainer.GATHERED", at_once)
    pieces = Trainer(document, data, fresh(document))
    whole.advance(17)
    for updates in (2, 1, 9, 5):
        pieces.advance(updates)
    assert pieces.learned.same_bits(whole.learned)
