"""The complementary error function of arrays, against that of Python's own mathematics."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.core.erf import FEW, ROOM, erfc
from engine.core.plan import Array


def one_by_one(x: Array) -> Array:
    return np.array([math.erfc(float(each)) for each in x.reshape(-1)]).reshape(x.shape)


@pytest.mark.parametrize(
    "x",
    [
        np.linspace(-6.0, 6.0, 4001),
        np.linspace(6.0, 26.5, 4001),
        np.logspace(-300, 1, 1001),
        -np.logspace(-300, 1, 1001),
    ],
    ids=["middle", "upper tail", "near 0 from above", "near 0 from below"],
)
def test_all_digits_in_the_middle_and_in_the_tails(x: Array) -> None:
    assert len(x) > FEW
    assert erfc(x) == pytest.approx(one_by_one(x), rel=1e-15, abs=0.0)


def test_few_numbers_agree_with_many() -> None:
    x = np.linspace(-3.0, 9.0, FEW + 1)
    assert erfc(x)[:FEW] == pytest.approx(erfc(x[:FEW]), rel=1e-15, abs=0.0)


def test_single_precision_stays_single() -> None:
    x = np.linspace(-4.0, 9.0, 5001, dtype=np.float32)
    found = erfc(x)
    assert found.dtype == np.float32
    assert found == pytest.approx(one_by_one(x), rel=5e-6, abs=0.0)
    assert found[x < 2] == pytest.approx(one_by_one(x[x < 2]), rel=5e-7, abs=0.0)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_ends_of_the_line(dtype: type) -> None:
    x = np.repeat(np.array([1000.0, -1000.0, 0.0, -0.0], dtype), FEW)
    with np.errstate(all="raise", under="ignore"):
        found = erfc(x)
    assert found[::FEW].tolist() == [0.0, 2.0, 1.0, 1.0]
    assert np.isnan(erfc(np.full(FEW + 1, np.nan, dtype))).all()


def test_it_goes_over_itself_and_over_more_than_one_room() -> None:
    x = np.linspace(-3.0, 3.0, 2 * ROOM + 7).reshape(1, -1)
    places = [0, ROOM - 1, ROOM, 2 * ROOM, 2 * ROOM + 6]
    wanted = one_by_one(x[0, places])
    assert erfc(x, x) is x
    assert x[0, places] == pytest.approx(wanted, rel=1e-15)
