"""The way of one number: each station is calculated from the one before, to the loss and back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.core.expressions import references
from engine.core.notation import as_text
from engine.core.printing import symbol
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Document
from engine.following import joined_by, slope, way_of
from engine.formulas import Formulas
from engine.layers import layers
from engine.learned import Learned
from engine.samples import mlp
from engine.trace import Trace


@pytest.fixture
def trace(lecture: tuple[Document, Data, Learned]) -> Trace:
    return Trace(*lecture, np.array([0]))


def named(way) -> list[str]:
    return [as_text(symbol(each)) for each in way.refs]


def test_an_input_goes_to_the_loss_and_back(trace: Trace) -> None:
    way = way_of(trace, trace.ref("input", "a", (0,), 0))
    i = way.refs[1].index[0] + 1
    assert named(way) == [
        "x_1", f"z[1]_{i}", f"a[1]_{i}", "z[2]_1", "a[2]_1", "L", "J",
        "da[2]_1", "dz[2]_1", f"da[1]_{i}", f"dz[1]_{i}", "dx_1",
    ]  # fmt: skip
    assert way.stations[way.turn].ref.array == "J"


def test_where_it_forks_the_most_arrives_at_the_loss(trace: Trace) -> None:
    """The share of neuron i, by hand: w_i1 · a_i (1 − a_i) · v_i · (a − y); it is the largest for one i."""
    W, v, x = np.array([[0.1, -0.2], [0.4, 0.3], [-0.5, 0.2], [0.3, -0.1]]), [0.2, -0.4, 0.5, 0.1], [1.0, 2.0]
    b = [0.1, 0.0, -0.1, 0.2]
    shares = []
    for i in range(4):
        a = 1.0 / (1.0 + math.exp(-(W[i] @ x + b[i])))
        shares.append(abs(W[i][0] * v[i] * a * (1.0 - a)))
    way = way_of(trace, trace.ref("input", "a", (0,), 0))
    assert way.refs[1].key == ("hidden", "z", (int(np.argmax(shares)),), 0)
    assert [each.key[2] for each in way.stations[0].ways] == [(0,), (1,), (2,), (3,)]


def test_another_way_may_be_chosen(trace: Trace) -> None:
    x = trace.ref("input", "a", (0,), 0)
    way = way_of(trace, x, {x.key: ("hidden", "z", (3,), 0)})
    assert named(way)[1:4] == ["z[1]_4", "a[1]_4", "z[2]_1"]
    assert named(way)[-3:] == ["da[1]_4", "dz[1]_4", "dx_1"]


def test_a_weight_goes_on_to_its_new_value(trace: Trace) -> None:
    way = way_of(trace, trace.ref("hidden", "W.input", (2, 1), None))
    assert named(way)[0] == "w[1]_{3,2}" and way.refs[-1].array == "new W.input"
    assert [each.array for each in way.refs[-3:]] == ["dz", "dW.input", "new W.input"]


def test_a_gradient_goes_on_to_a_new_weight(trace: Trace) -> None:
    way = way_of(trace, trace.ref("hidden", "dz", (1,), 0))
    assert way.turn is None
    assert way.refs[-1].array.startswith("new ")


def every_station_is_made_of_the_one_before(trace: Trace, way) -> None:
    for one, two in zip(way.refs, way.refs[1:], strict=False):
        assert one.key in {each.key for each in references(trace.cell(two))}, (one, two)


def test_forward_each_is_a_user_of_the_one_before(
    shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    for document in shapes_of_networks.values():
        trace = Formulas(document, some_data(document, 3), some_learned(document), np.arange(3))
        for start in (trace.ref("input", "a", (0,), 1), trace.ref("output", "b", (0, 0), None)):
            if start.array == "b" and ("output", "b") not in trace.arrays:
                continue
            way = way_of(trace, start, example=1)
            assert way.turn is not None
            forth = type(way)(way.stations[: way.turn + 1])
            every_station_is_made_of_the_one_before(trace, forth)
            assert {each.example for each in way.refs} <= {1, None}
            assert way.refs[way.turn].array == "J"


@pytest.mark.parametrize("kind", ["lstm", "attention", "conv2d", "batch_norm", "gru", "layer_norm"])
def test_through_every_sort_of_layer(
    kind: str,
    around: Callable[..., Iterator[Document]],
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    document = next(iter(around(layers[kind])))
    trace = Formulas(document, some_data(document, 2), some_learned(document), np.arange(2))
    shape = trace.network.places["input0"].shape
    start = trace.ref("input0", "a", tuple(0 for _ in shape), 0)
    way = way_of(trace, start)
    assert "it" in {each.owner for each in way.refs}
    assert way.turn is not None and way.refs[-1].key == ("input0", "da", start.index, 0)
    every_station_is_made_of_the_one_before(trace, type(way)(way.stations[: way.turn + 1]))


def test_slope_is_the_derivative_on_the_blackboard(trace: Trace) -> None:
    z = trace.ref("output", "z", (0,), 0)
    a = trace.ref("hidden", "a", (1,), 0)
    assert slope(trace.cell(z), a, trace) == pytest.approx(-0.4, abs=1e-9)


def test_a_larger_network_is_followed_without_a_list_of_steps(
    some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    document = mlp(30, 40, 30, 3, output="softmax", loss=Spec("cross_entropy"))
    trace = Formulas(document, some_data(document, 1), some_learned(document), np.arange(1))
    assert len(trace) == 0
    way = way_of(trace, trace.ref("input", "a", (7,), 0))
    assert named(way)[-1] == "dx_8"


def test_stations_are_joined_by_the_weight_between_them(trace: Trace) -> None:
    x, z = trace.ref("input", "a", (1,), 0), trace.ref("hidden", "z", (2,), 0)
    assert [each.key for each in joined_by(trace, x, z)] == [("hidden", "W.input", (2, 1), None)]
    assert joined_by(trace, z, trace.ref("hidden", "a", (2,), 0)) == ()
