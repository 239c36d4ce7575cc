"""The product of layers: cells multiplied, each input's gradient weighed by the others."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.problems import DocumentError
from engine.layers import layers

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 3, 3)])
def test_against_plain_loops(shape: tuple[int, ...], count: int) -> None:
    inputs = [RNG.normal(size=(*shape, 2)) for _ in range(count)]
    da = RNG.normal(size=(*shape, 2))
    run = run_layer(layers.make("multiply"), *inputs, da=da)
    for index in np.ndindex(run.a.shape):
        values = [float(each[index]) for each in inputs]
        assert run.a[index] == pytest.approx(math.prod(values), rel=1e-13)
        assert evaluate(run.cell("a", *index[:-1], example=index[-1]), run.lookup) == pytest.approx(
            run.a[index], rel=1e-13
        )
        for k, back in enumerate(run.da_prev):
            others = values[:k] + values[k + 1 :]
            assert back is not None
            assert back[index] == pytest.approx(float(da[index]) * math.prod(others), rel=1e-13)


def test_a_gate_by_hand() -> None:
    """Gate 0 closes and 1 opens; where it is shut no gradient reaches the value."""
    value, gate = np.array([[3.0], [5.0]]), np.array([[0.0], [1.0]])
    run = run_layer(layers.make("multiply"), value, gate, da=np.array([[2.0], [2.0]]))
    assert run.a.tolist() == [[0.0], [5.0]]
    assert run.da_prev[0].tolist() == [[0.0], [2.0]]  # type: ignore[union-attr]
    assert run.da_prev[1].tolist() == [[6.0], [10.0]]  # type: ignore[union-attr]


def test_shapes_must_agree() -> None:
    with pytest.raises(DocumentError, match="same shape"):
        layers.make("multiply").output_shape(1, [(3,), (4,)])
