"""The writer: how the symbols and numbers of one trace stand on a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.core.expressions import Expression, Number, Quotient, Ref
from engine.core.notation import Notation, Text
from engine.core.printing import in_numbers, in_symbols, symbol
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.walkthrough.spelling import mapped
from gui.walkthrough.sums import MOST_TERMS, printed
from gui.widgets.numbers import format_number

HIDDEN = Text("?", "number")
"""Stands for a number that is to be predicted."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes numbers of one trace. ``most`` is how many terms of a sum are written.

    ``done`` is the last step whose number may be seen, ``None`` for all: a later one reads "?".
    """

    trace: Trace
    most: int = MOST_TERMS
    done: int | None = None

    def symbol(self, ref: Ref) -> Notation:
        """The name of a number; of a loss with its example where there are several."""
        return symbol(ref, examples=ref.owner == LOSS and self.trace.m > 1)

    def symbols(self, expression: Expression) -> Notation:
        """An expression in symbols, long sums cut short."""
        return printed(expression, in_symbols, most=self.most)

    def numbers(self, expression: Expression, target: Ref) -> Notation:
        """An expression with the numbers put in, long sums cut short; ``target`` is what it gives."""
        return printed(expression, self.put_in(target), most=self.most)

    def put_in(self, target: Ref) -> Callable[[Expression], Notation]:
        """The printer that puts the numbers in: 1/4 for 1/m, and what is to be predicted as "?"."""
        digits = self.digits(target)
        share = f"1/{self.trace.m}"

        def fraction(part: Expression) -> Expression | None:
            if isinstance(part, Number) and part.text == share and self.trace.m > 1:
                return Quotient(Number(1.0), Number(float(self.trace.m)))
            if isinstance(part, Ref) and self.hides(part):
                return Number(0.0, "?")
            return None

        return lambda node: in_numbers(mapped(node, fraction), self.trace.lookup, digits)

    def value(self, value: float, ref: Ref) -> Notation:
        """The number of a cell, which lights up with it."""
        return HIDDEN if self.hides(ref) else Text(self.digits(ref)(value), "number", ref)

    def plain(self, value: float, target: Ref) -> Notation:
        """A number that no cell holds: a product, a sum so far; ``target`` is what it becomes part of."""
        return Text(self.digits(target)(value), "number")

    @staticmethod
    def digits(ref: Ref) -> Callable[[float], str]:
        """How numbers are written: in z and its like the rounding error of a sum that is 0 reads 0."""
        near_zero = ref.array in {"z", "a", "L", "J"}
        return lambda value: format_number(value, near_zero=near_zero)

    def hides(self, ref: Ref) -> bool:
        """Whether a number is still to be predicted."""
        if self.done is None:
            return False
        number = self.trace.number_of(*ref.key)
        return number is not None and number > self.done
