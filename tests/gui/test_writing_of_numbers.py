"""Numbers as they were chosen to be written: decimals, and fractions where they are exact."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from gui.widgets.numbers import (
    Writing,
    as_fraction,
    format_full,
    format_number,
    is_exact,
    parse_number,
    sign_as,
    write_as,
)

POINT = QLocale.c()


@pytest.fixture(autouse=True)
def as_usual() -> Iterator[None]:
    yield
    write_as(Writing())
    sign_as("system")


@pytest.mark.parametrize(
    ("decimals", "value", "text"),
    [
        (6, 0.4501660026875221, "0.450166"),
        (6, 0.03579, "0.03579"),
        (6, 0.0357899501, "0.035790"),
        (4, 0.5, "0.5"),
        (4, 0.50001, "0.5000"),
        (4, -0.00001, "0.0000"),
        (4, 0.0, "0"),
        (2, 1234.5678, "1234.57"),
        (2, 12345678.9, "1.23e7"),
        (3, 0.1 + 0.2, "0.3"),
        (8, -1 / 3, "−0.33333333"),
        (4, math.nan, "NaN"),
        (4, -math.inf, "−∞"),
    ],
)
def test_as_many_decimals_as_were_chosen(decimals: int, value: float, text: str) -> None:
    write_as(Writing(decimals))
    assert format_number(value, 3, POINT) == text


def test_settings_and_scales_keep_their_digits() -> None:
    write_as(Writing(2, fractions=True))
    assert format_number(0.0001, locale=POINT, chosen=False) == "0.0001"
    assert format_number(1 / 3, locale=POINT, chosen=False) == "0.3333"


def test_fractions_stand_where_they_are_exact_and_nowhere_else() -> None:
    write_as(Writing(4, fractions=True))
    shown = [format_number(each, locale=POINT) for each in (1 / 3, -2.5, 1 / 3 * 1 / 7, 0.3333, math.pi, 7.0)]
    assert shown == ["1/3", "−5/2", "1/21", "0.3333", "3.1416", "7"]
    assert is_exact(1 / 3) and is_exact(0.3333) and not is_exact(math.pi)
    write_as(Writing(4))
    assert not is_exact(1 / 3)


def test_the_full_number_stays_full() -> None:
    write_as(Writing(2, fractions=True))
    assert format_full(1 / 3, POINT) == "0.3333333333333333"


@given(st.floats(-1e6, 1e6) | st.fractions(-100, 100, max_denominator=150).map(float))
def test_fractions_are_those_of_an_independent_calculation(value: float) -> None:
    near = Fraction(value).limit_denominator(100)
    exact = abs(float(near) - value) <= 1e-12 * abs(value)
    assert as_fraction(value) == (str(near).replace("-", "−") if exact else None)


@given(st.floats(-1e5, 1e5), st.integers(2, 8))
def test_what_is_exact_reads_back_as_the_number(value: float, decimals: int) -> None:
    write_as(Writing(decimals))
    text = format_number(value, locale=POINT)
    back = parse_number(text, POINT)
    assert abs(back - value) <= 0.5000001 * 10.0**-decimals
    assert is_exact(value) == (abs(back - value) <= 1e-12 * abs(value))
    write_as(Writing())
