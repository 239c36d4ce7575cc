"""The dot product of two layers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.problems import DocumentError
from engine.layers import layers

RNG = np.random.default_rng(3)
DOT = layers.make("dot_product")


@pytest.mark.parametrize("shape", [(3,), (1,), (2, 4), (2, 3, 3)])
def test_against_plain_loops(shape: tuple[int, ...]) -> None:
    u, v = RNG.normal(size=(*shape, 2)), RNG.normal(size=(*shape, 2))
    da = RNG.normal(size=(1, *shape[1:], 2))
    run = run_layer(DOT, u, v, da=da)
    assert run.a.shape == da.shape
    for rest in np.ndindex(run.a.shape[1:]):
        expected = sum(float(u[(i, *rest)] * v[(i, *rest)]) for i in range(shape[0]))
        assert run.a[(0, *rest)] == pytest.approx(expected, rel=1e-13, abs=1e-14)
        said = evaluate(run.cell("a", 0, *rest[:-1], example=rest[-1]), run.lookup)
        assert said == pytest.approx(expected, rel=1e-13, abs=1e-14)
        for i in range(shape[0]):
            back = float(da[(0, *rest)])
            assert run.da_prev[0][(i, *rest)] == pytest.approx(back * v[(i, *rest)])  # type: ignore[index]
            assert run.da_prev[1][(i, *rest)] == pytest.approx(back * u[(i, *rest)])  # type: ignore[index]


def test_by_hand() -> None:
    run = run_layer(DOT, np.array([[1.0], [2.0]]), np.array([[3.0], [-1.0]]), da=np.array([[2.0]]))
    assert run.a.tolist() == [[1.0]]
    assert run.da_prev[0].tolist() == [[6.0], [-2.0]]  # type: ignore[union-attr]
    assert run.da_prev[1].tolist() == [[2.0], [4.0]]  # type: ignore[union-attr]


def test_single_precision_and_shapes() -> None:
    one = np.ones((2, 3), np.float32)
    assert run_layer(DOT, one, one, dtype=np.float32).a.dtype == np.float32
    with pytest.raises(DocumentError, match="same shape, and here they have 2 and 3 numbers"):
        DOT.output_shape(1, [(2,), (3,)])
    assert DOT.takes == (2, 2)
