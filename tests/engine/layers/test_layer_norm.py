"""Layer normalisation against PyTorch's numbers and plain loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.gradient_check import numeric_gradient
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.layers import LayerKind, layers


def made(**knobs: Any) -> LayerKind:
    return layers.make(Spec.of("layer_norm", **knobs))


def wave(shift: float, *shape: int) -> Array:
    """sin(shift), sin(shift + 1), ... in C order."""
    return np.sin(shift + np.arange(np.prod(shape))).reshape(shape)


def by_loops(x: Array, gamma: Array, beta: Array, epsilon: float = 1e-5) -> Array:
    a = np.zeros(x.shape)
    n = len(x)
    for at in np.ndindex(x.shape[1:]):
        column = [float(x[(i, *at)]) for i in range(n)]
        mean = sum(column) / n
        variance = sum((each - mean) ** 2 for each in column) / n
        for i in range(n):
            a[(i, *at)] = gamma[i, 0] * (column[i] - mean) / math.sqrt(variance + epsilon) + beta[i, 0]
    return a


def test_numbers_of_pytorch() -> None:
    parameters = {"gamma": wave(1, 3, 1), "beta": wave(2, 3, 1)}
    run = run_layer(made(), wave(0, 3, 2, 2), parameters=parameters, da=wave(3, 3, 2, 2))
    close(run.a, [
        [[0.81806440713, 1.723864815603], [2.081791921439, 1.162607655043]],
        [[-0.919955408529, -1.110851161059], [-0.302041519293, 1.092378830429]],
        [[-0.57682668145, -0.699108739931], [-0.884660010263, -0.946916503645]],
    ])  # fmt: skip
    close(run.da_prev[0], [
        [[-0.146984011501, -0.117993177793], [-0.080099681155, 0.057018869606]],
        [[0.083289728067, -0.036927128433], [0.439810359229, -0.039276963064]],
        [[0.063694283434, 0.154920306226], [-0.359710678075, -0.017741906541]],
    ])  # fmt: skip
    close(run.gradients["gamma"][:, 0], [-2.168171816078, -2.898831768931, -3.20989781994])
    close(run.gradients["beta"][:, 0], [-1.85402226011, 1.514442219695, -0.12578873203])


def close(there: Array | None, wanted: object) -> None:
    assert there is not None
    np.testing.assert_allclose(there, wanted, rtol=0, atol=2e-12)


@pytest.mark.parametrize("at", [(), (4,), (2, 3)])
@pytest.mark.parametrize("epsilon", [1e-5, 0.3])
def test_plain_loops(at: tuple[int, ...], epsilon: float) -> None:
    rng = np.random.default_rng(2)
    x, da = rng.normal(2.0, 3.0, (5, *at, 3)), rng.normal(size=(5, *at, 3))
    w = {"gamma": rng.normal(size=(5, 1)), "beta": rng.normal(size=(5, 1))}
    run = run_layer(made(epsilon=epsilon), x, parameters=w, da=da)
    close(run.a, by_loops(x, w["gamma"], w["beta"], epsilon))
    given = x.copy()

    def L() -> float:
        return float((da * by_loops(given, w["gamma"], w["beta"], epsilon)).sum())

    few = np.ones(x.shape, bool)
    few[..., 0] = False
    there = run.da_prev[0]
    assert there is not None
    np.testing.assert_allclose(there[~few], numeric_gradient(L, given, skip=few)[~few], rtol=0, atol=1e-8)
    for name in ("gamma", "beta"):
        np.testing.assert_allclose(run.gradients[name], numeric_gradient(L, w[name]), rtol=0, atol=1e-7)


def test_every_position_of_every_example_stands_for_itself() -> None:
    x = wave(0, 4, 3, 2)
    whole = run_layer(made(), x).a
    for t in range(3):
        for e in range(2):
            np.testing.assert_allclose(
                whole[:, t, e], run_layer(made(), x[:, t, e : e + 1]).a[:, 0], rtol=0, atol=1e-14
            )
    assert run_layer(made(), x).arrays["mean"].shape == (1, 3, 2)


def test_it_does_the_same_when_predicting() -> None:
    x = wave(0, 4, 3, 2)
    np.testing.assert_array_equal(run_layer(made(), x).a, run_layer(made(), x, training=False).a)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("x", [np.zeros((4, 2)), np.full((4, 2), 7.0), 1e6 * wave(0, 4, 2), np.ones((1, 3))])
def test_equal_and_large_numbers_stay_finite_and_in_their_precision(x: Array, dtype: type) -> None:
    with np.errstate(all="raise"):
        run = run_layer(made(), x, da=wave(1, *x.shape), dtype=dtype)
    assert all(np.isfinite(each).all() and each.dtype == dtype for each in run.arrays.values())


def test_it_starts_without_scaling() -> None:
    gamma, beta = made().blocks("it", (4, 3), [("x", (4, 3))])
    assert gamma.parts[0].start == Spec.of("constant", value=1.0)
    assert beta.parts[0].start == Spec.of("constant", value=0.0)
    assert gamma.shape == beta.shape == (4, 1)
    assert {part.axes for block in (gamma, beta) for part in block.parts} == {("it", None)}
