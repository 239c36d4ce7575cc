"""Dropout: what the mask does, how it is drawn, and that predicting knows nothing of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.problems import KnobError
from engine.core.spec import Spec
from engine.layers import LayerKind, layers


def made(**knobs: Any) -> LayerKind:
    return layers.make(Spec.of("dropout", **knobs))


@pytest.mark.parametrize("shape", [(50,), (10, 6), (3, 5, 4)])
@pytest.mark.parametrize("rate", [0.2, 0.5, 0.95])
def test_the_mask_thins_out_and_what_stays_grows(shape: tuple[int, ...], rate: float) -> None:
    rng = np.random.default_rng(0)
    x, da = rng.normal(size=(*shape, 200)), rng.normal(size=(*shape, 200))
    run = run_layer(made(rate=rate), x, da=da)
    mask = run.arrays["mask"]
    assert set(np.unique(mask)) == {0.0, 1.0}
    assert mask.mean() == pytest.approx(1 - rate, abs=4 * (rate * (1 - rate) / mask.size) ** 0.5)
    np.testing.assert_allclose(run.a, mask * x / (1 - rate), rtol=1e-14)
    np.testing.assert_allclose(run.da_prev[0], mask * da / (1 - rate), rtol=1e-14)


def test_every_unit_of_every_example_is_drawn_for_itself() -> None:
    mask = run_layer(made(), np.ones((20, 500))).arrays["mask"]
    assert np.abs(np.corrcoef(mask) - np.eye(20)).max() < 0.2
    assert len(np.unique(mask.T, axis=0)) == 500


def test_the_same_seed_and_update_draw_the_same_mask() -> None:
    x = np.ones((8, 40))
    masks = [
        run_layer(made(), x, seed=seed, step=step).arrays["mask"]
        for seed, step in ((1, 0), (1, 0), (1, 1), (2, 0))
    ]
    np.testing.assert_array_equal(masks[0], masks[1])
    assert not np.array_equal(masks[0], masks[2])
    assert not np.array_equal(masks[0], masks[3])


def test_predicting_lets_everything_through() -> None:
    x = np.random.default_rng(1).normal(size=(5, 3, 4))
    run = run_layer(made(rate=0.9), x, training=False)
    np.testing.assert_array_equal(run.a, x)
    assert "mask" not in run.arrays
    assert evaluate(run.cell("a", 2, 1, example=3), run.lookup) == x[2, 1, 3]


def test_a_rate_of_0_changes_nothing() -> None:
    x = np.random.default_rng(1).normal(size=(5, 7))
    np.testing.assert_array_equal(run_layer(made(rate=0.0), x).a, x)


def test_single_precision_stays_single() -> None:
    run = run_layer(made(), np.ones((5, 7)), da=np.ones((5, 7)), dtype=np.float32)
    assert all(each.dtype == np.float32 for each in run.arrays.values())
    assert set(np.unique(run.a)) == {0.0, 2.0}


def test_some_units_must_stay() -> None:
    with pytest.raises(KnobError, match="between 0 and"):
        made(rate=1.0)
