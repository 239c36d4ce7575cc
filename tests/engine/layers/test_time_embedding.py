"""The time as waves."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.gradient_check import gradient_check
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.trace import Trace

TIME = layers.make(Spec("time_embedding"))


@pytest.mark.parametrize("d", [1, 2, 9])
def test_value_and_slope(d: int) -> None:
    t, da = np.array([[0.0, 1.0, 7.5, 100.0]]), np.random.default_rng(0).normal(size=(d, 4))
    run = run_layer(TIME, t, units=d, da=da)
    there = run.da_prev[0]
    assert there is not None
    for e in range(4):
        slope = 0.0
        for i in range(d):
            length = 10000 ** ((i - i % 2) / d)
            angle = t[0, e] / length
            wanted, rate = (math.cos, lambda x: -math.sin(x)) if i % 2 else (math.sin, math.cos)
            assert run.a[i, e] == pytest.approx(wanted(angle), abs=1e-13)
            slope += rate(angle) / length * da[i, e]
        assert there[0, e] == pytest.approx(slope, abs=1e-13)


def test_it_is_the_positional_encoding_of_the_time() -> None:
    table = run_layer(layers.make(Spec("positional_encoding")), np.zeros((7, 5, 1))).arrays["PE"]
    run = run_layer(TIME, np.arange(5.0)[None], units=7)
    np.testing.assert_allclose(run.a, table, rtol=0, atol=1e-14)


def test_every_number_of_a_vector_gets_its_own_features() -> None:
    x = np.array([[1.0, 2.0], [30.0, 4.0]])
    both = run_layer(TIME, x, units=3).a
    assert both.shape == (6, 2)
    for n in range(2):
        np.testing.assert_array_equal(both[3 * n : 3 * n + 3], run_layer(TIME, x[n : n + 1], units=3).a)


def test_one_time_in_a_network_explains_itself(
    some_data: Callable[..., Any],
    some_learned: Callable[..., Any],
    running: Callable[..., Any],
    check_truth: Callable[..., int],
    check_steps: Callable[[Trace], None],
) -> None:
    given = (
        Layer("t", Spec("input"), (0,)),
        Layer("it", Spec("time_embedding"), (4, 2, 9, 0, 1)),
        Layer("output", Spec.of("output", activation=Spec("identity")), (0, 1)),
    )
    wires = (Connection("t", "it"), Connection("it", "output"))
    document = Document(layers=given, connections=wires, loss=Spec("mse"))
    data, learned = some_data(document, 3), some_learned(document)
    report = gradient_check(running(document, data, learned))
    assert report.agrees(1e-6) and any(each.name == "t.a" for each in report)
    trace = Trace(document, data, learned, np.arange(3))
    assert trace.layout.nodes["it"].keys == (4, 2, 9, 0, 1)
    assert check_truth(trace) > 50
    check_steps(trace)


def test_it_has_no_parameters_and_stays_in_single_precision() -> None:
    assert TIME.blocks("it", (8,), [("t", (1,))]) == ()
    run = run_layer(TIME, np.ones((1, 2)), da=np.ones((8, 2)), dtype=np.float32)
    assert run.a.shape == (8, 2)
    assert all(each.dtype == np.float32 for each in run.arrays.values())


@pytest.mark.parametrize("shape", [(3, 4), (2, 4, 4)])
def test_it_takes_a_number_or_a_vector(shape: tuple[int, ...]) -> None:
    with pytest.raises(DocumentError, match="as one number"):
        TIME.output_shape(3, [shape])
