"""Sort a row of digits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.questions import Questions


@datasets.add("sort")
@dataclass(frozen=True)
class Sort(Questions):
    """``314159=113459``: d digits, =, the same digits from the smallest to the largest; T = 2d.

    Position t of X holds the t-th symbol of the text. The first digit of the answer is asked at
    the =; at the d positions before it nothing is asked. The digits may repeat.
    """

    title = "Sort"
    summary = "A row of digits and the same digits in order; the answer is written digit by digit."
    rank = 86

    length: int = knob(6, "Digits", symbol="d", minimum=2, maximum=12)

    def digits_asked(self) -> int:
        return self.length

    def answer(self, digits: Array) -> Array:
        return np.sort(digits, axis=0)
