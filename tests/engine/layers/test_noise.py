"""Noise: numbers drawn anew for every example and update, and the same again for the same seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.layout import Layout
from engine.learned import fresh
from engine.network import Network
from engine.parameters import ParameterStore

NOISE = layers.make(Spec("noise"))


def generator() -> Document:
    given = (
        Layer("noise", Spec("noise"), (0, 1, 2)),
        Layer("output", Spec.of("output", activation=Spec("identity")), (0, 1)),
    )
    return Document(layers=given, connections=(Connection("noise", "output"),), loss=Spec("mse"))


def run(document: Document, m: int, step: int, **how: Any) -> Network:
    store = ParameterStore(Layout(document))
    store.load(fresh(document))
    network = Network(store, m, **how)
    network.plan.step = step
    network.forward()
    return network


@pytest.mark.parametrize("learns", [True, False])
def test_it_draws_whether_the_network_learns_or_predicts(learns: bool) -> None:
    zeta = run(generator(), 4000, 0, learns=learns).places["noise"].a
    assert zeta.shape == (3, 4000)
    assert np.abs(zeta.mean(axis=1)).max() < 0.08
    assert np.abs(zeta.std(axis=1) - 1).max() < 0.06
    assert np.abs(np.corrcoef(zeta) - np.eye(3)).max() < 0.08
    assert len(np.unique(zeta)) == zeta.size


def test_the_same_seed_and_update_draw_the_same_numbers() -> None:
    first, again, later = (run(generator(), 5, step).places["noise"].a for step in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - later).min() > 1e-6


def test_it_feeds_the_network_and_is_not_counted() -> None:
    network = run(generator(), 5, 0)
    w = network.store.parameters
    wanted = w["output.W.noise"] @ network.places["noise"].a + w["output.b"]
    np.testing.assert_allclose(network.a, wanted, rtol=0, atol=1e-14)
    layout = Layout(generator())
    assert layout.nodes["noise"].label == "[0]" and layout.nodes["output"].label == "[1]"
    assert layout.inputs == []


def test_it_is_called_zeta() -> None:
    place = run(generator(), 2, 0).places["noise"]
    assert place.ref("a", (1,), 0).letter == "ζ"


def test_single_precision_is_drawn_as_such() -> None:
    drawn = run_layer(NOISE, units=4, da=np.zeros((4, 6)), dtype=np.float32).a
    assert drawn.dtype == np.float32 and drawn.shape == (4, 6) and drawn.std() > 0.5


def test_it_is_a_vector() -> None:
    assert NOISE.output_shape(5, []) == (5,)
    with pytest.raises(DocumentError, match="Noise is a vector"):
        NOISE.output_shape(5, [(3, 4)])


def test_nothing_can_be_connected_to_it() -> None:
    document = generator()
    wires = (*document.connections, Connection("output", "noise"))
    with pytest.raises(DocumentError):
        Layout(Document(layers=document.layers, connections=wires, loss=Spec("mse")))
