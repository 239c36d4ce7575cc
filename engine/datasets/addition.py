"""Add two numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.questions import DIGITS, Questions

PLUS = 11


@datasets.add("addition")
@dataclass(frozen=True)
class Addition(Questions):
    """``27+85=112``: two numbers of d digits and their sum of d + 1 digits, zeros in front; T = 3d + 2.

    ``02+03=005``. Written backwards (``27+85=211``) the answer begins with the units, and no
    carry has to be foreseen. The first digit of the answer is asked at the =; at the 2d + 1
    positions before it nothing is asked.
    """

    title = "Addition"
    summary = "Two numbers and their sum as a text; the answer is written digit by digit."
    rank = 87

    length: int = knob(2, "Digits", symbol="d", minimum=1, maximum=6, help="Of each of the two numbers.")
    backwards: bool = knob(False, "Units first", help="The sum begins with its last digit.")

    def alphabet(self) -> tuple[str, ...]:
        return (*DIGITS, "=", "+")

    def digits_asked(self) -> int:
        return 2 * self.length

    def question(self, digits: Array) -> Array:
        plus = np.full((1, digits.shape[1]), PLUS)
        return np.concatenate((digits[: self.length], plus, digits[self.length :]))

    def answer(self, digits: Array) -> Array:
        power = 10 ** np.arange(self.length, -1, -1)[:, np.newaxis]
        first, second = digits[: self.length], digits[self.length :]
        total = ((first + second) * power[1:]).sum(axis=0)
        answer: Array = total // power % 10
        return answer[::-1] if self.backwards else answer
