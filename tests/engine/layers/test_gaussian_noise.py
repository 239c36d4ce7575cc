"""Gaussian noise while training, and none when predicting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.spec import Spec
from engine.layers import LayerKind, layers


def made(**knobs: Any) -> LayerKind:
    return layers.make(Spec.of("gaussian_noise", **knobs))


@pytest.mark.parametrize("shape", [(30,), (6, 5), (2, 3, 5)])
def test_it_adds_noise_of_the_chosen_strength(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    x, da = rng.normal(size=(*shape, 300)), rng.normal(size=(*shape, 300))
    run = run_layer(made(deviation=0.4), x, da=da)
    added = run.a - x
    assert abs(added.mean()) < 0.02
    assert added.std() == pytest.approx(0.4, rel=0.04)
    np.testing.assert_allclose(added, 0.4 * run.arrays["epsilon"], rtol=0, atol=1e-14)
    np.testing.assert_array_equal(run.da_prev[0], da)


def test_the_same_seed_and_update_draw_the_same_noise() -> None:
    x = np.zeros((4, 5))
    drawn = [run_layer(made(), x, seed=s, step=t).a for s, t in ((1, 0), (1, 0), (1, 1), (2, 0))]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert np.abs(drawn[0] - drawn[2]).min() > 1e-6
    assert np.abs(drawn[0] - drawn[3]).min() > 1e-6


def test_predicting_sees_clearly() -> None:
    x = np.random.default_rng(1).normal(size=(5, 3, 4))
    run = run_layer(made(deviation=5.0), x, training=False)
    np.testing.assert_array_equal(run.a, x)
    assert evaluate(run.cell("a", 2, 1, example=3), run.lookup) == x[2, 1, 3]


def test_no_strength_no_noise() -> None:
    x = np.random.default_rng(1).normal(size=(5, 4))
    np.testing.assert_array_equal(run_layer(made(deviation=0.0), x).a, x)


def test_single_precision_stays_single() -> None:
    run = run_layer(made(), np.ones((5, 7)), da=np.ones((5, 7)), dtype=np.float32)
    assert all(each.dtype == np.float32 for each in run.arrays.values())
