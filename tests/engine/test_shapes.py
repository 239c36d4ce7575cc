"""Shapes as they are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.core.problems import DocumentError
from engine.core.shapes import MOST_AXES, shape_of, spoken


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("", ()), ("  ", ()), ("7", (7,)), ("1×28×28", (1, 28, 28)), ("8 x 20", (8, 20)),
        ("8X20", (8, 20)), (" 3, 4 ", (3, 4)), ("2*3;4", (2, 3, 4)), ("08×1", (8, 1)), ("4096", (4096,)),
    ],
)  # fmt: skip
def test_a_shape_is_read(text: str, shape: tuple[int, ...]) -> None:
    assert shape_of(text) == shape


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "3×0",
        "-3",
        "3×-4",
        "3.5",
        "a",
        "3×a",
        "×3",
        "3×",
        "4097",
        "²",
        "٣",
        "1e3",
        "1_0",
        "inf",
        "3" * 60,
    ],
)
def test_what_is_no_shape_is_a_sentence(text: str) -> None:
    with pytest.raises(DocumentError, match=r"A shape is written like 1×28×28, not '.{1,40}'\.$"):
        shape_of(text)


def test_too_many_sides_are_a_sentence() -> None:
    with pytest.raises(DocumentError, match=r"A shape has at most 3 numbers"):
        shape_of("1×2×3×4")


@given(some.lists(some.integers(1, 4096), max_size=MOST_AXES))
def test_a_shape_that_is_written_is_read_again(sides: list[int]) -> None:
    assert shape_of(spoken(tuple(sides))) == tuple(sides)


@given(some.text(max_size=30))
def test_any_text_is_a_shape_or_refused(text: str) -> None:
    try:
        shape = shape_of(text)
    except DocumentError:
        return
    assert len(shape) <= MOST_AXES
    assert all(0 < side <= 4096 for side in shape)
