"""Turn a row of digits round."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.questions import Questions


@datasets.add("reverse")
@dataclass(frozen=True)
class Reverse(Questions):
    """``314159=951413``: d digits, =, the same digits from the last to the first; T = 2d.

    Position t of X holds the t-th symbol of the text. The first digit of the answer is asked at
    the =, the last one position before the end; at the d positions before the = nothing is asked.
    """

    title = "Reverse"
    summary = "A row of digits and the same row backwards; the answer is written digit by digit."
    rank = 85

    length: int = knob(6, "Digits", symbol="d", minimum=2, maximum=12)

    def digits_asked(self) -> int:
        return self.length

    def answer(self, digits: Array) -> Array:
        return digits[::-1]
