"""Memory that arrays share: who may lie where, and how little training holds with it."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.lib import tracemalloc_domain

from engine.architectures import architectures
from engine.core.memory import ALIGNED, Memory
from engine.core.problems import AxonError
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets import Data
from engine.document import Connection, Document, Layer
from engine.feeding import Feeding
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network
from engine.optimizers import optimizers
from engine.parameters import ParameterStore
from engine.procedures import procedures
from engine.samples import mlp

MOST = 4.0
"""Training holds no more than so many times its activations and parameters."""


def twice(requests: Callable[[Memory], list[np.ndarray]]) -> tuple[Memory, list[np.ndarray]]:
    """The memory of the second run, and what it handed out."""
    first = Memory()
    requests(first)
    memory = first.laid_out()
    return memory, requests(memory)


def test_what_is_in_use_at_other_times_lies_in_the_same_place() -> None:
    def requests(memory: Memory) -> list[np.ndarray]:
        one = memory.passing((3, 8), float)
        memory.step()
        two = memory.passing((8, 3), float)
        return [one, two]

    memory, (one, two) = twice(requests)
    assert memory.whole.nbytes == 3 * 8 * 8
    assert one.shape == (3, 8)
    assert two.shape == (8, 3)
    assert np.shares_memory(one, two)


def test_what_is_in_use_at_the_same_time_does_not() -> None:
    def requests(memory: Memory) -> list[np.ndarray]:
        kept = memory.kept((8,), float, "one")
        awaited = memory.awaited((8,), float, "two")
        now = memory.passing((8,), float)
        memory.step()
        memory.begin("two")
        then = memory.passing((8,), float)
        memory.end("one")
        memory.step()
        last = memory.passing((8,), float)
        memory.end("two")
        return [kept, awaited, now, then, last]

    memory, arrays = twice(requests)
    shared = {(a, b) for a, b in combinations(range(5), 2) if np.shares_memory(arrays[a], arrays[b])}
    assert shared <= {(0, 4), (1, 2), (2, 3), (2, 4), (3, 4)}
    assert memory.whole.nbytes == 3 * 64


def test_whose_end_is_not_said_is_in_use_to_the_end() -> None:
    def requests(memory: Memory) -> list[np.ndarray]:
        kept = memory.kept((8,), float, "one")
        memory.step()
        return [kept, memory.passing((8,), float)]

    _, (kept, passing) = twice(requests)
    assert not np.shares_memory(kept, passing)


def test_no_two_that_meet_share_a_byte_whatever_is_asked_for() -> None:
    rng = np.random.default_rng(3)
    for _ in range(30):
        asked = [
            (int(rng.integers(0, 3)), int(rng.integers(1, 40)), int(rng.integers(0, 6))) for _ in range(25)
        ]

        def requests(memory: Memory, asked: list[tuple[int, int, int]] = asked) -> list[np.ndarray]:
            found = []
            for number, (how, size, steps) in enumerate(asked):
                kind = (np.float64, np.float32, bool)[number % 3]
                if how == 0:
                    found.append(memory.passing((size,), kind))
                else:
                    found.append((memory.kept, memory.awaited)[how - 1]((size,), kind, str(number)))
                memory.step()
                memory.begin(str(number - steps))
                memory.end(str(number - 2 * steps))
            return found

        memory, arrays = twice(requests)
        for a, b in combinations(range(len(arrays)), 2):
            if memory.lives[a].meets(memory.lives[b]):
                assert not np.shares_memory(arrays[a], arrays[b])
        assert all(each.ctypes.data % ALIGNED == 0 for each in arrays)
        assert memory.whole.nbytes < sum(life.size for life in memory.lives)


def test_the_second_run_must_ask_for_the_same() -> None:
    memory = Memory()
    memory.passing((3,), float)
    second = memory.laid_out()
    second.passing((3,), float)
    with pytest.raises(AxonError, match="second compilation"):
        second.passing((3,), float)


# ---------------------------------------------------------------- how much training holds


def chain(loss: str, *layers: tuple[str, int, dict[str, object]]) -> Document:
    """Layers one after the other, the last one the output."""
    made = [
        Layer(f"l{number}", Spec.of(kind, **knobs), tuple(range(units)))
        for number, (kind, units, knobs) in enumerate(layers)
    ]
    wires = tuple(Connection(one.id, two.id) for one, two in pairwise(made))
    return Document("", tuple(made), wires, loss=Spec(loss), optimizer=Spec("adam"))


def cnn() -> Document:
    relu, softmax = {"activation": Spec("relu")}, {"activation": Spec("softmax")}
    return chain(
        "cross_entropy",
        ("input", 784, {"shape": "1×28×28"}),
        ("conv2d", 8, relu),
        ("max_pool", 1, {}),
        ("conv2d", 16, relu),
        ("max_pool", 1, {}),
        ("flatten", 1, {}),
        ("output", 10, softmax),
    )


def dense(*sizes: int, **chosen: object) -> Document:
    return mlp(*sizes, hidden="relu", output="softmax", loss=Spec("cross_entropy"), **chosen)


def of(kind: str) -> Document:
    """An architecture in double precision."""
    document = next(each for each in architectures if each.kind == kind)().document()
    return replace(document, training=replace(document.training, precision="double"))


ADAM = {"optimizer": Spec("adam")}
BEYOND = {"perceptron"}
"""It has 6 numbers, and each array takes a piece of 64 bytes."""
HELD = [
    pytest.param(dense(784, 128, 64, 10, **ADAM), 64, id="dense"),
    pytest.param(dense(784, 128, 64, 10, **ADAM), 1024, id="dense-large-batch"),
    pytest.param(mlp(50, 40, 40, 40, 3, **ADAM), 40, id="tanh"),
    pytest.param(cnn(), 32, id="cnn"),
    *(pytest.param(of(each.kind), None, id=each.kind) for each in architectures if each.kind not in BEYOND),
]
INSIDE = {"lstm": ("i", "f", "g", "o", "c", "tanh c"), "gru": ("r", "z", "n")}
"""Activations within a recurrent layer, each as large as its a."""


def bytes_of(document: Document, m: int | None) -> tuple[int, int]:
    """What NumPy holds for training on m examples, and what activations and parameters are of it.

    The gates of a recurrent layer and its memory cell are activations as much as its a: values of σ
    and tanh that the way back through time reads. Without m it is what an update of the document sees.
    """
    layout = Layout(document)
    turns = len(procedures.make(document.training.procedure).turns(layout))
    if m is None:
        batch = Feeding(document, data_of(document), layout).batch(0)
        m = batch.X.shape[1]
    tracemalloc.start()
    try:
        store = ParameterStore(layout, turns=turns)
        network = Network(store, m)
        everything = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    arrays = everything.filter_traces((tracemalloc.DomainFilter(True, tracemalloc_domain),))
    held = sum(each.size for each in arrays.statistics("filename"))
    activations = sum(
        math.prod(node.shape) * (1 + len(INSIDE.get(node.kind.kind, ()))) for node in layout.active
    )
    assert network.places
    return held, activations * m * 8 + store.theta.nbytes


@pytest.mark.parametrize(("document", "m"), HELD)
def test_training_holds_no_more_than_four_times_its_activations_and_parameters(
    document: Document, m: int | None
) -> None:
    held, needed = bytes_of(document, m)
    assert needed < held <= MOST * needed, f"{held / needed:.2f} times"


@pytest.mark.parametrize("optimizer", [each.kind for each in optimizers])
def test_beside_its_memory_an_optimizer_holds_little(optimizer: str) -> None:
    document = dense(784, 300, 10, optimizer=Spec(optimizer))
    held, _ = bytes_of(document, 16)
    layout = Layout(document)
    vectors = 2 + len(ParameterStore(layout).memory)
    rest = held - vectors * layout.size * 8
    assert 0 < rest < 0.75 * layout.size * 8, "a vector as long as θ is too much"


# ---------------------------------------------------------------- that it changes nothing


@pytest.mark.parametrize("kind", ["mlp", "cnn", "sequence_tagger", "sequence_classifier", "vit"])
def test_what_the_shared_memory_holds_before_an_update_does_not_matter(
    kind: str, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    document = next(each for each in architectures if each.kind == kind)().document()
    data, learned = some_data(document, 3), some_learned(document)
    found = []
    for content in (0, 255):
        store = ParameterStore(Layout(document))
        store.load(learned)
        network = Network(store, data.m)
        network.feed(data.X, data.Y)
        for step in range(3):
            network.plan.step = step
            network.memory.whole.fill(content)
            with np.errstate(all="ignore"):
                for call in network.calls():
                    call()
        assert np.isfinite(store.theta).all()
        found.append((network.J, store.theta.tobytes(), network.a.tobytes()))
    assert found[0] == found[1]


def test_where_people_look_every_array_has_memory_of_its_own() -> None:
    document = mlp(3, 4, 4, 2, hidden="relu")
    store = ParameterStore(Layout(document))
    shown = Network(store, 5, explains=True).plan.arrays
    for (one, a), (two, b) in combinations(shown.items(), 2):
        assert not np.shares_memory(a, b), (one, two)
    trained = Network(store, 5).plan.arrays
    assert np.shares_memory(trained["hidden", "z"], trained["hidden", "a"])
    assert not np.shares_memory(trained["output", "z"], trained["output", "a"])
