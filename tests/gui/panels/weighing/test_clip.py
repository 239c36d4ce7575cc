"""Tables of numbers from text and back, quickly where they are plain and carefully where not."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QLocale

from gui.panels.weighing import clip

ENGLISH, GERMAN = QLocale("en_GB"), QLocale("de_DE")


@pytest.mark.parametrize("locale", [ENGLISH, GERMAN])
def test_every_digit_comes_back(locale: QLocale) -> None:
    numbers = np.random.default_rng(0).standard_normal((40, 30)) * 10.0 ** np.arange(-15, 15)
    numbers[3, 4], numbers[5, 6], numbers[7, 29] = np.nan, 2.0, -1.0
    found = clip.read(clip.written(numbers, locale), locale)
    assert np.array_equal(found, numbers, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("0,5\t1,25\n-2\t1e-3", ENGLISH, [[0.5, 1.25], [-2, 0.001]]),
        ("0,5\t1.5", GERMAN, [[0.5, 1.5]]),
        ("\u22120.5\t\u20132", ENGLISH, [[-0.5, -2]]),
        ('"1"\t"2"\n"3"\t"4"', ENGLISH, [[1, 2], [3, 4]]),
        ('"1"\t2\n3\t"1/4"', ENGLISH, [[1, 2], [3, 0.25]]),
        ("1\t50 %\n½\t", ENGLISH, [[1, 0.5], [0.5, np.nan]]),
    ],
)
def test_what_people_write(text: str, locale: QLocale, expected: list[list[float]]) -> None:
    assert np.array_equal(clip.read(text, locale), expected, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,5\t1,234", "two numbers"),
        ("1\tnan", "column 2"),
        ("1\t1_0", "not a number"),
        ("1\t2\n3\t1e999", "Row 2, column 2"),
    ],
)
def test_what_is_doubtful_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        clip.read(text, ENGLISH)


def test_too_much_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="at most 120000"):
        clip.read("\n".join(["1\t2"] * 100_001), ENGLISH)
    with pytest.raises(ValueError, match="at most 120000"):
        clip.written(np.zeros((1000, 201)))
    fractions = "\n".join(f"{n}/7" for n in range(clip.MOST_CAREFUL + 10))
    with pytest.raises(ValueError, match="no plain decimals"):
        clip.read(fractions, ENGLISH)
