"""Measures of samples, on clouds whose distance is known."""

from __future__ import annotations

import numpy as np
import pytest

from engine.measures import modes_covered, sliced_wasserstein


def test_a_cloud_and_itself_are_not_apart() -> None:
    A = np.random.default_rng(0).normal(size=(3, 50))
    assert sliced_wasserstein(A, A[:, ::-1]) == pytest.approx(0.0, abs=1e-12)


def test_in_one_dimension_it_is_the_mean_distance_of_the_sorted() -> None:
    A, B = np.array([[3.0, 0.0, 1.0]]), np.array([[5.0, 6.0, 8.0]])
    assert sliced_wasserstein(A, B, directions=7) == pytest.approx((5 + 5 + 5) / 3)


def test_of_different_numbers_of_points() -> None:
    """A mass of ½ at 0 and 1 each to thirds at 0, 0 and 1: a sixth goes from 1 to 0."""
    A, B = np.array([[0.0, 1.0]]), np.array([[0.0, 0.0, 1.0]])
    assert sliced_wasserstein(A, B) == pytest.approx(1 / 6)
    assert sliced_wasserstein(B, A) == pytest.approx(1 / 6)
    assert sliced_wasserstein(A, np.repeat(A, 5, axis=1)) == pytest.approx(0.0, abs=1e-12)


def test_a_shift_in_the_plane() -> None:
    """A cloud moved by 3: the mean over all directions of ``3 |cos|`` is 6/π."""
    A = np.random.default_rng(1).normal(size=(2, 100))
    B = A + np.array([[3.0], [0.0]])
    assert sliced_wasserstein(A, B, directions=20_000) == pytest.approx(6 / np.pi, rel=0.01)
    assert sliced_wasserstein(A, B, seed=1) == sliced_wasserstein(A, B, seed=1)
    assert sliced_wasserstein(A, B, seed=1) != sliced_wasserstein(A, B, seed=2)


def test_modes() -> None:
    """Two centres with two samples each, one with none, one sample nowhere."""
    centres = np.array([[0.0, 10.0, 20.0], [0.0, 0.0, 0.0]])
    samples = np.array([[0.1, -0.1, 10.0, 10.2, 15.0], [0.0, 0.1, 0.0, 0.0, 0.0]])
    found = modes_covered(samples, centres, 0.2 + 1e-9)
    assert (found.covered, found.share, found.counts.tolist()) == (2, 0.8, [2, 2, 0])
    assert modes_covered(samples, centres, 0.05).counts.tolist() == [0, 1, 0]
    assert modes_covered(samples, centres, 6.0).share == 1.0


def test_a_few_stray_samples_cover_no_mode() -> None:
    """A quarter of the fair share is asked for: of 80 samples and 2 centres, 10."""
    centres = np.array([[0.0, 9.0]])
    for strays, covered in ((9, 1), (10, 2)):
        samples = np.repeat(centres, (80 - strays, strays), axis=1)
        assert modes_covered(samples, centres, 0.5).covered == covered
