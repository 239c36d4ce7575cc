"""The sum of layers: cells added, and the gradient undiminished along every way."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.problems import DocumentError
from engine.layers import layers

RNG = np.random.default_rng(3)


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 3, 3)])
def test_cells_are_added_and_every_input_gets_the_whole_gradient(shape: tuple[int, ...], count: int) -> None:
    inputs = [RNG.normal(size=(*shape, 2)) for _ in range(count)]
    da = RNG.normal(size=(*shape, 2))
    run = run_layer(layers.make("add"), *inputs, da=da)
    for index in np.ndindex(run.a.shape):
        assert run.a[index] == pytest.approx(sum(float(each[index]) for each in inputs), rel=1e-14, abs=1e-14)
    assert len(run.da_prev) == count
    for each in run.da_prev:
        assert np.array_equal(each, da)  # type: ignore[arg-type]
    said = evaluate(run.cell("a", *(0 for _ in shape), example=1), run.lookup)
    assert said == pytest.approx(run.a[(*(0 for _ in shape), 1)], rel=1e-14)


def test_by_hand() -> None:
    run = run_layer(layers.make("add"), np.array([[1.0], [2.0]]), np.array([[10.0], [-2.0]]))
    assert run.a.tolist() == [[11.0], [0.0]]
    assert run.da_prev == ()


def test_single_precision_stays_single() -> None:
    one = np.ones((2, 3), np.float32)
    run = run_layer(layers.make("add"), one, one, da=one, dtype=np.float32)
    assert run.a.dtype == run.da_prev[0].dtype == np.float32  # type: ignore[union-attr]


def test_shapes_must_agree() -> None:
    with pytest.raises(DocumentError, match="same shape, and here they have 3 and 2×4 numbers"):
        layers.make("add").output_shape(1, [(3,), (2, 4)])
