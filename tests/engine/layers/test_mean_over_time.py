"""The mean over the steps of a sequence, with and without padding."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers import layers

MEAN = layers.make(Spec("mean_over_time"))
X = np.array([[[1.0, 10.0], [2.0, 20.0], [6.0, 60.0]], [[-3.0, 0.0], [0.0, 3.0], [0.0, 9.0]]])
"""2 features, 3 steps, 2 examples."""
DA = np.array([[3.0, 6.0], [12.0, 24.0]])


def test_mean_and_its_gradient_by_hand() -> None:
    run = run_layer(MEAN, X, da=DA)
    np.testing.assert_allclose(run.a, [[3.0, 30.0], [-1.0, 4.0]], rtol=1e-15)
    for t in range(3):
        assert run.da_prev[0] is not None
        np.testing.assert_allclose(run.da_prev[0][:, t], [[1.0, 2.0], [4.0, 8.0]], rtol=1e-15)


def test_only_marked_steps_count() -> None:
    """Example 1 has its last step padded, example 2 all: its mean is 0 and nothing goes back."""
    marks = np.array([[4.0, 0.0], [-2.0, 0.0], [0.0, 0.0]])
    run = run_layer(MEAN, X, marks, da=DA)
    assert run.a.tolist() == [[1.5, 0.0], [-1.5, 0.0]]
    wanted = np.zeros((2, 3, 2))
    wanted[0, :2, 0], wanted[1, :2, 0] = 1.5, 6.0
    np.testing.assert_array_equal(run.da_prev[0], wanted)
    np.testing.assert_array_equal(run.da_prev[1], np.zeros((3, 2)))
    port, other = run.place.inputs
    for j, e in np.ndindex(2, 2):
        assert evaluate(run.cell("a", j, example=e), run.lookup) == run.a[j, e]
        for t in range(3):
            assert evaluate(MEAN.sent(run.place, port, (j, t), e), run.lookup) == wanted[j, t, e]
            assert evaluate(MEAN.sent(run.place, other, (t,), e), run.lookup) == 0.0


def test_single_precision_stays_single() -> None:
    run = run_layer(MEAN, X, np.ones((3, 2)), da=DA, dtype=np.float32)
    assert {each.dtype for each in run.arrays.values()} == {np.dtype(np.float32)}
    np.testing.assert_allclose(run.a, X.mean(axis=1), rtol=1e-6)


def test_what_it_cannot_take_is_refused() -> None:
    with pytest.raises(DocumentError, match="takes a sequence"):
        MEAN.output_shape(1, [(4,)])
    with pytest.raises(DocumentError, match="vector of 5 numbers"):
        MEAN.output_shape(1, [(3, 5), (3, 5)])
