"""Forward noising against its formula with plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.noising import moments, noised
from engine.procedures.diffusion import Diffusion


def test_moments_are_even_and_have_both_ends() -> None:
    assert moments(50, 6) == (0, 10, 20, 30, 40, 50)
    assert moments(3, 10) == (0, 1, 2, 3)
    assert len(moments(1000, 101)) == 101


def test_every_frame_follows_the_formula() -> None:
    procedure = Diffusion(steps=10, first=0.01, last=0.4)
    X = np.array([[1.0, -2.0], [0.5, 3.0]])
    at = (0, 4, 10)
    start, middle, _ = noised(procedure, X, at, seed=2)
    assert np.array_equal(start, X)
    left = math.prod(1 - (0.01 + (0.4 - 0.01) * i / 9) for i in range(4))
    noise = (middle - math.sqrt(left) * X) / math.sqrt(1 - left)
    assert noised(procedure, X, (10,), seed=2)[0] == pytest.approx(procedure.noised(X, 10, noise))
    assert noised(procedure, X, at, seed=2)[1].tobytes() == middle.tobytes()
    assert noised(procedure, X, at, seed=3)[1].tobytes() != middle.tobytes()


def test_the_noise_is_normal() -> None:
    last = noised(Diffusion(), np.zeros((2, 5000)), (50,))[0]
    assert last.mean() == pytest.approx(0.0, abs=0.03) and last.std() == pytest.approx(1.0, abs=0.03)
