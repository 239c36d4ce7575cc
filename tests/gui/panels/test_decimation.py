"""Decimation keeps every peak at any length."""

from __future__ import annotations

import numpy as np
import pytest

from gui.panels.charts.decimation import BINS, Decimation, steps_above


@pytest.mark.slow
@pytest.mark.parametrize("length", [0, 1, 5, 2 * BINS, 2 * BINS + 1, 10_000, 123_457])
@pytest.mark.parametrize("stride", [1, 37, 1000, 10**9])
def test_bins_hold_the_extremes_of_their_values(length: int, stride: int) -> None:
    if length / stride > 20_000:
        pytest.skip("as the next stride, only slower")
    values = np.random.default_rng(1).random(length)
    bins = Decimation()
    for end in [*range(stride, length, stride), length]:
        bins.follow(values[:end])
    x, y = bins.lines(5.0)
    assert len(x) == len(y) <= 4 * BINS
    if not length:
        return
    assert bins.top == values.max()
    assert y.max() == values.max()
    assert y.min() == values.min()
    edges = np.arange(0, length, bins.width)
    low, high = np.minimum.reduceat(values, edges), np.maximum.reduceat(values, edges)
    if bins.width == 1:
        assert np.array_equal(y, values)
        assert np.array_equal(x, 5.0 + np.arange(length))
    else:
        assert np.array_equal(y[0::2], high)
        assert np.array_equal(y[1::2], low)


def test_a_single_peak_in_a_million_stays() -> None:
    values = np.zeros(1_000_000)
    values[654_321] = 7.0
    bins = Decimation()
    bins.follow(values)
    x, y = bins.lines()
    assert y.max() == 7.0
    assert abs(x[y.argmax()] - 654_321) <= bins.width


def test_a_past_that_was_rewritten_is_noticed() -> None:
    values = np.random.default_rng(2).random(5000)
    bins = Decimation()
    bins.follow(values)
    other = values.copy()
    other[2000:] = np.random.default_rng(3).random(3000)
    assert bins.follow(np.concatenate([other, other[:200]]))
    assert bins.top == other.max()
    assert bins.follow(other[:100])
    assert np.array_equal(bins.lines()[1], other[:100])
    assert not bins.follow(other[:100])


def test_steps() -> None:
    assert [steps_above(value) for value in (0.0, 1.0, 1.1, 7.0, 99.0, 0.0031)] == pytest.approx(
        [1.0, 1.0, 1.2, 8.0, 100.0, 0.004]
    )
    assert steps_above(1e-300) >= 1e-300
