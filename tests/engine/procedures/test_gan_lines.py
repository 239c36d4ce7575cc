"""What a GAN's updates leave out must not change a bit of what they calculate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.plan import Phase
from engine.core.problems import DivergenceError
from engine.core.spec import Spec
from engine.datasets import datasets
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer, Training
from engine.learned import Learned, fresh
from engine.network import Network
from engine.trace import Trace
from engine.trainer import Trainer

pytestmark = pytest.mark.slow

GENERATOR = {"noise", "make", "fake"}


@pytest.fixture
def ring() -> Data:
    return datasets.make(Spec.of("ring8", examples=30)).load(0)


def of_batches(size: int | None, precision: str = "double") -> Training:
    return Training(size, size is not None, 5, precision=precision, procedure=Spec("gan"))


def behind_noise(document: Document, kind: str, **knobs: float) -> Document:
    """With one more layer in the generator."""
    layers = list(document.layers)
    layers.insert(2, Layer("more", Spec.of(kind, **knobs), (0, 1, 2)))
    wires = tuple(each for each in document.connections if each.id != "make>fake")
    return replace(
        document,
        layers=tuple(layers),
        connections=(*wires, Connection("make", "more"), Connection("more", "fake")),
    )


KINDS: dict[str, Callable[[Document], Document]] = {
    "plain": lambda document: document,
    "dropout": lambda document: behind_noise(document, "dropout", rate=0.4),
    "fading noise": lambda document: behind_noise(document, "gaussian_noise", deviation=0.5, fades=9),
    "layer norm": lambda document: behind_noise(document, "layer_norm"),
    "batch norm": lambda document: behind_noise(document, "batch_norm"),
}


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize("size", [None, 7])
@pytest.mark.parametrize("kind", KINDS)
def test_every_update_alone_is_the_update_of_a_row(
    kind: str, size: int | None, precision: str, gan: Callable[..., Document], ring: Data
) -> None:
    """A new trainer for every update can share nothing between the turns; one that goes on does."""
    document = KINDS[kind](
        gan(blur=0.2, width=20, optimizer=Spec("adam"), training=of_batches(size, precision))
    )
    on = Trainer(document, ring, fresh(document))
    on.advance(12)
    learned, costs = fresh(document), []
    for _ in range(12):
        alone = Trainer(document, ring, learned)
        alone.advance()
        learned = alone.learned
        costs.append(alone.curve.values[0])
    assert learned.same_bits(on.learned)
    assert costs == on.curve.values.tolist()


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_update_is_the_one_explained(
    kind: str,
    precision: str,
    gan: Callable[..., Document],
    ring: Data,
    check_truth: Callable[..., int],
) -> None:
    document = KINDS[kind](gan(optimizer=Spec("adam"), training=of_batches(5, precision)))
    trainer = Trainer(document, ring, fresh(document))
    for step in range(4):
        trace = Trace(document, ring, trainer.learned, trainer.batches.examples(step), trainer.position)
        if precision == "double":
            assert check_truth(trace) > 200
        trainer.advance()
        assert trace.J == trainer.curve.values[-1]
        for key, slot in trace.layout.slots.items():
            new = trace.arrays[slot.layer, f"new {slot.part.name}"]
            assert new.tobytes() == trainer.learned.parameters[key].tobytes()


def test_the_switch_lets_through_what_it_always_did(
    gan: Callable[..., Document], ring: Data, some_learned: Callable[..., Learned]
) -> None:
    """``s x + (1 − s) g`` of what is fed, in both turns."""
    document = gan(training=of_batches(None))
    trainer = Trainer(document, ring, some_learned(document))
    trainer.advance(2)
    first, second = (trainer.network(60, 0), trainer.network(30, 1))
    made = second.places["fake"].a
    assert first.places["switch"].a.tolist() == np.concatenate([ring.X, made], axis=1).tolist()
    assert second.places["switch"].a.tolist() == made.tolist()


def test_behind_a_real_example_stands_the_one_that_is_held_back(
    gan: Callable[..., Document], ring: Data, some_learned: Callable[..., Learned]
) -> None:
    document = gan()
    trace = Trace(document, ring, some_learned(document), np.arange(4))
    for owner, name in (("noise", "a"), ("make", "z"), ("make", "a"), ("fake", "a")):
        array = trace.arrays[owner, name]
        assert array.shape[1] == 8
        assert array[:, :4].tolist() == array[:, 4:].tolist()
        assert len(np.unique(array[0])) == 4
    assert trace.arrays["switch", "a"][:, :4].tolist() == ring.X[:, :4].tolist()
    assert trace.arrays["switch", "a"][:, 4:].tolist() == trace.arrays["fake", "a"][:, 4:].tolist()


def test_a_round_draws_and_generates_once(gan: Callable[..., Document], ring: Data) -> None:
    """In the discriminator's turn; the generator's turn does it only if it comes first."""
    trainer = Trainer(gan(training=of_batches(None)), ring, fresh(gan(training=of_batches(None))))
    first = trainer.network(60, 0)
    assert first.ahead is not None
    assert first.ahead.network is trainer.network(30, 1)
    generating = [
        line.call
        for line in first.ahead.network.plan.lines
        if line.owner in GENERATOR and line.phase is Phase.FORWARD
    ]
    assert len(generating) >= 4
    assert set(generating) <= set(first.measure)
    assert set(generating) <= set(first.ahead.network.measure)
    assert not set(generating) & set(first.ahead.measure)
    assert set(first.ahead.network.measure) == set(first.ahead.measure) | set(generating)


@pytest.mark.parametrize("kind", ["batch norm", "fading noise"])
def test_a_generator_that_differs_from_turn_to_turn_is_not_shared(
    kind: str, gan: Callable[..., Document], ring: Data
) -> None:
    document = KINDS[kind](gan())
    trainer = Trainer(document, ring, fresh(document))
    assert trainer.network(60, 0).ahead is None
    assert not [
        line for line in trainer.network(60, 0).plan.lines if line.equation == "the round's second update"
    ]


def test_other_networks_than_those_of_a_round_keep_all_lines(
    gan: Callable[..., Document], ring: Data
) -> None:
    """One that only predicts, and one that is fed with an odd number of columns."""
    document = gan()
    store = Trainer(document, ring, fresh(document)).store
    predicts = Network(store, 6, learns=False)
    assert predicts.ahead is None
    X = np.array([[1.0] * 6, [2.0] * 6, [1, 1, 0, 1, 0, 0]])
    predicts.feed(X)
    predicts.forward()
    switch, made = predicts.places["switch"].a, predicts.places["fake"].a
    assert switch[:, [0, 1, 3]].tolist() == X[:2, [0, 1, 3]].tolist()
    assert switch[:, [2, 4, 5]].tolist() == made[:, [2, 4, 5]].tolist()
    assert Network(store, 5).ahead is None


def test_nothing_is_shared_over_a_change_of_the_parameters(
    gan: Callable[..., Document], ring: Data, some_learned: Callable[..., Learned]
) -> None:
    """The generator is exchanged between its round's two turns: its turn must see the new one."""
    document = gan(training=of_batches(None))
    trainer = Trainer(document, ring, fresh(document))
    trainer.advance()
    other = replace(some_learned(document), step=1)
    trainer.load(other)
    trainer.advance()
    expected = Trainer(document, ring, other)
    expected.advance()
    assert trainer.learned.same_bits(expected.learned)


@pytest.mark.parametrize("step", [0, 1])
def test_a_generator_that_went_wrong_is_named(
    step: int, gan: Callable[..., Document], ring: Data, some_learned: Callable[..., Learned]
) -> None:
    document = gan()
    learned = replace(some_learned(document), step=step)
    broken = {**learned.parameters, "fake.b": np.full((2, 1), np.inf)}
    trainer = Trainer(document, ring, replace(learned, parameters=broken))
    with pytest.raises(DivergenceError, match=r"first in layer \[2\] 'fake'"):
        trainer.advance()
    assert trainer.step == step
