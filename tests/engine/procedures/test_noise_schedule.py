"""The noise schedules: against their formulas, written another way."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.procedures.noise_schedule import cosine, linear


def test_linear_by_hand() -> None:
    """β = 0.1, 0.2, 0.3: ᾱ = 0.9, 0.72, 0.504."""
    made = linear(3, 0.1, 0.3)
    assert made.beta == pytest.approx([0.1, 0.2, 0.3])
    assert made.alpha_bar == pytest.approx([0.9, 0.72, 0.504])
    assert made.before == pytest.approx([1.0, 0.9, 0.72])
    assert made.deviation**2 == pytest.approx([0.0, 0.1 / 0.28 * 0.2, 0.28 / 0.496 * 0.3])


def test_known_values_of_the_paper() -> None:
    """T = 1000, β from 1e-4 to 0.02: ᾱ_T is about 4e-5 (Ho and others: x_T is nearly N(0, 1))."""
    assert linear(1000, 1e-4, 0.02).alpha_bar[-1] == pytest.approx(4.036e-5, rel=1e-3)


def test_the_silent_bug() -> None:
    """Fifty steps of that schedule leave 60 % of the variance; up to 0.2 they leave nothing."""
    assert linear(50, 1e-4, 0.02).alpha_bar[-1] == pytest.approx(0.603, abs=5e-4)
    assert linear(50, 1e-4, 0.2).alpha_bar[-1] < 0.01


@pytest.mark.parametrize("steps", [10, 50, 1000])
def test_cosine(steps: int) -> None:
    made = cosine(steps)

    def f(t: int) -> float:
        return math.cos((t / steps + 0.008) / 1.008 * math.pi / 2) ** 2

    for t in range(1, steps):
        assert made.alpha_bar[t - 1] == pytest.approx(f(t) / f(0), rel=1e-6)
    assert made.beta.max() == made.beta[-1] == 0.999
    assert 0.0 < made.alpha_bar[-1] < 0.01


@pytest.mark.parametrize("made", [linear(50, 1e-4, 0.2), cosine(50)])
def test_noise_only_grows(made: object) -> None:
    assert (np.diff(made.alpha_bar) < 0).all()  # type: ignore[attr-defined]
    assert made.deviation[0] == 0.0  # type: ignore[attr-defined]
    assert (made.deviation**2 <= made.beta).all()  # type: ignore[attr-defined]
    assert not made.alpha_bar.flags.writeable  # type: ignore[attr-defined]
