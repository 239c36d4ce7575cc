"""The plan's shared constants."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.plan import Plan


def test_all_who_need_the_same_constant_share_one_array() -> None:
    plan = Plan(4, np.dtype(np.float32))
    ones = plan.full((3, 4), 1.0)
    assert ones is plan.full((3, 4), 1.0)
    assert ones is not plan.full((3, 4), 2.0)
    assert ones is not plan.full((4, 3), 1.0)
    assert ones.dtype == np.float32
    assert np.array_equal(ones, [[1.0] * 4] * 3)
    with pytest.raises(ValueError, match="read-only"):
        ones[0, 0] = 5.0


@pytest.mark.parametrize(
    ("shape", "partner"), [((3, 4), (3, 4)), ((3, 5, 4), (5, 4)), ((2, 3, 5, 4), (3, 5, 4))]
)
def test_the_partner_of_an_array(shape: tuple[int, ...], partner: tuple[int, ...]) -> None:
    beside = Plan(4, np.dtype(np.float64)).beside(np.zeros(shape), 7.0)
    assert beside.shape == partner
    assert np.array_equal(np.maximum(np.zeros(shape), beside), np.full(shape, 7.0))
