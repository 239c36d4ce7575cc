"""A convolution with ReLU and the max-pooling behind it, which may be calculated in one go."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.gradient_check import gradient_check
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network
from engine.parameters import ParameterStore
from engine.trace import Trace

pytestmark = pytest.mark.slow

CASES = [
    ("2x6x8", {"kernel": 3}, {"size": 2}),
    ("1x6x6", {"kernel": 3, "padding": "valid"}, {"size": 2}),
    ("1x6x9", {"kernel": 3}, {"size": 3}),
    ("2x5x7", {"kernel": 4, "padding": "2", "bias": False}, {"size": 2}),
    ("2x4x4", {"kernel": 1}, {"size": 2}),
    ("1x4x4", {"kernel": 3, "padding": "1"}, {"size": 4}),
    ("1x5x7", {"kernel": 2}, {"size": 2}),
    ("1x6x6", {"kernel": 3}, {"size": 2, "stride": 1}),
    ("1x6x6", {"kernel": 3}, {"size": 2, "padding": "same"}),
    ("2x6x6", {"kernel": 3, "groups": 2}, {"size": 2}),
    ("1x6x6", {"kernel": 3, "activation": Spec.of("relu", at_zero="1")}, {"size": 2}),
    ("1x6x6", {"kernel": 3, "activation": Spec("tanh")}, {"size": 2}),
]


def network(shape: str, conv: dict[str, object], pool: dict[str, object], *, aside: bool = False) -> Document:
    """Two such pairs one behind the other; ``aside``: another layer reads the convolution too."""
    settings = {"activation": Spec("relu"), **conv}
    chain = [
        Layer(
            "input", Spec.of("input", shape=shape), tuple(range(int(np.prod([*map(int, shape.split("x"))]))))
        ),
        Layer("first", Spec.of("conv2d", kernel=3, padding="same", activation=Spec("relu")), (0, 1)),
        Layer("one", Spec.of("max_pool", size=1), (0,)),
        Layer("conv", Spec.of("conv2d", **settings), (0, 1, 2, 3)),  # type: ignore[arg-type]
        Layer("pool", Spec.of("max_pool", **pool), (0,)),  # type: ignore[arg-type]
        Layer("flat", Spec("flatten"), (0,)),
        Layer("output", Spec.of("output", activation=Spec("softmax")), (0, 1, 2)),
    ]
    wires = [Connection(one.id, two.id) for one, two in itertools.pairwise(chain)]
    if aside:
        chain[5:5] = [Layer("mean", Spec("global_pool"), (0,))]
        chain[7:7] = [Layer("both", Spec("concatenate"), (0,))]
        wires = [
            *wires[:5], Connection("conv", "mean"), Connection("flat", "both"), Connection("mean", "both"),
            Connection("both", "output"),
        ]  # fmt: skip
    return Document(
        layers=tuple(chain),
        connections=tuple(wires),
        loss=Spec("cross_entropy"),
        optimizer=Spec.of("gradient_descent", learning_rate=0.01),
    )


def both(document: Document, learned: Learned, data: object, dtype: type) -> list[Network]:
    """The network as it trains and as it explains, each after three updates."""
    found = []
    for explains in (False, True):
        store = ParameterStore(Layout(document), dtype)
        store.load(learned)
        made = Network(store, data.m, explains=explains)  # type: ignore[attr-defined]
        made.feed(data.X, data.Y)  # type: ignore[attr-defined]
        for _ in range(3):
            for call in made.calls(*Phase):
                call()
        found.append(made)
    return found


@pytest.mark.parametrize("aside", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("shape", "conv", "pool"), CASES, ids=str)
def test_training_and_explaining_come_to_the_same_bits(
    shape: str, conv: dict[str, object], pool: dict[str, object], dtype: type, aside: bool,
    some_data: Callable[..., object], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    document = network(shape, conv, pool, aside=aside)
    data, learned = some_data(document, 5), some_learned(document, scale=0.3)
    trains, explains = both(document, learned, data, dtype)
    assert trains.store.theta.tobytes() == explains.store.theta.tobytes()
    assert trains.store.gradient.tobytes() == explains.store.gradient.tobytes()
    assert trains.places["pool"].a.tobytes() == explains.places["pool"].a.tobytes()
    assert np.isfinite(trains.store.theta).all()
    assert (trains.store.gradients["first.W.input"] != 0).any()


@pytest.mark.parametrize(("shape", "conv", "pool"), CASES, ids=str)
def test_gradients_and_explanations(
    shape: str, conv: dict[str, object], pool: dict[str, object], some_data: Callable[..., object],
    some_learned: Callable[..., Learned], running: Callable[..., Network], check_truth: Callable[..., int],
) -> None:  # fmt: skip
    document = network(shape, conv, pool)
    data, learned = some_data(document, 2), some_learned(document)
    if conv.get("activation") != Spec.of("relu", at_zero="1"):
        assert gradient_check(running(document, data, learned, explains=False)).agrees(1e-6)
    if shape == "1x6x6":
        trace = Trace(document, data, learned, np.arange(2))  # type: ignore[arg-type]
        assert check_truth(trace) > 60


def test_of_equal_cells_the_first_wins_in_training_too(
    some_data: Callable[..., object], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    """On an even picture all z of a window inside are equal, on both ways."""
    document = network("1x6x6", {"kernel": 3, "padding": "valid"}, {"size": 2})
    data, learned = some_data(document, 3), some_learned(document)
    even = replace(data, X=np.ones_like(data.X))  # type: ignore[attr-defined, type-var]
    trains, explains = both(document, learned, even, np.float64)
    assert trains.store.gradient.tobytes() == explains.store.gradient.tobytes()
    assert trains.store.theta.tobytes() == explains.store.theta.tobytes()


@pytest.mark.parametrize("aside", [False, True])
def test_only_where_nobody_else_reads_it_a_convolution_is_pooled_before_its_activation(
    aside: bool, some_data: Callable[..., object], some_learned: Callable[..., Learned]
) -> None:
    document = network("2x6x8", {"kernel": 3}, {"size": 2}, aside=aside)
    trains, explains = both(document, some_learned(document), some_data(document, 2), np.float64)
    for made, merged in ((trains, not aside), (explains, False)):
        said = {line.equation for line in made.plan.lines if line.owner == "pool"}
        assert ("max z of every window" in said) is merged
        assert bool(made.places["conv"].a.any()) is not merged
