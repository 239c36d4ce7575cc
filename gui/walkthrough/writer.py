"""The writer: how the symbols and numbers of one trace stand on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.core.expressions import Expression, Number, Quotient, Ref
from engine.core.notation import Notation, Row, Text, operator
from engine.core.printing import in_numbers, in_symbols, symbol
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.walkthrough.arrangement import Arrangement
from gui.walkthrough.spelling import mapped, parts_of
from gui.walkthrough.sums import MOST_TERMS, printed
from gui.widgets.numbers import format_number, is_exact

NEAR_ZERO = frozenset({"z", "a", "L", "J"})
"""Arrays in which a number below 1e-12 is the rounding error of a sum."""
HIDDEN = Text("?", "number")
"""Stands for a number that is to be predicted."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Marks a number that no cell holds, so that the mouse on it can read it in full."""

    value: float


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes numbers of one trace. ``most`` is how many terms of a sum are written.

    ``done`` is the last step whose number may be seen, ``None`` for all: a later one reads "?".
    """

    trace: Trace
    most: int = MOST_TERMS
    done: int | None = None
    arranged: Arrangement = Arrangement()

    def symbol(self, ref: Ref) -> Notation:
        """The name of a number; of a loss with its example where there are several."""
        return symbol(ref, examples=ref.owner == LOSS and self.trace.m > 1)

    def symbols(self, expression: Expression) -> Notation:
        """An expression in symbols, long sums cut short."""
        return printed(expression, in_symbols, most=self.most)

    def shares(self, expression: Expression) -> Notation:
        """An expression in symbols, every one with its example."""
        return printed(expression, lambda node: in_symbols(node, True), most=self.most)

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

        return lambda node: in_numbers(mapped(node, fraction, opened=False), self.trace.lookup, digits)

    def value(self, value: float, ref: Ref) -> Notation:
        """The number of a cell, which lights up with it."""
        return HIDDEN if self.hides(ref) else Text(self.digits(ref)(value), "number", ref)

    def named(self, ref: Ref) -> Notation:
        """``z[1]_2 = −0.3``: a number with its name; "≈" where it is shown rounded."""
        value = self.trace.lookup(ref)
        return Row((self.symbol(ref), operator(self.relation(ref, value)), self.value(value, ref)))

    def plain(self, value: float, target: Ref) -> Notation:
        """A number that no cell holds: a product, a sum so far; ``target`` is what it becomes part of."""
        return Text(self.digits(target)(value), "number", Figure(value))

    @staticmethod
    def digits(ref: Ref) -> Callable[[float], str]:
        """How numbers are written: in z and its like the rounding error of a sum that is 0 reads 0."""
        near_zero = ref.array in NEAR_ZERO
        return lambda value: format_number(value, near_zero=near_zero)

    def relation(self, target: Ref, *shown: Expression | float) -> str:
        """What stands between two rows of numbers: "=", or "≈" where one of the numbers is shown rounded.

        So a row never claims that the digits that stand there give exactly what stands behind the sign.
        """
        near_zero = target.array in NEAR_ZERO

        def exact(part: Expression | float) -> bool:
            values = [part] if isinstance(part, float) else self._values(part)
            return all(is_exact(each, near_zero=near_zero) for each in values)

        return "=" if all(map(exact, shown)) else "≈"

    def _values(self, node: Expression) -> Iterator[float]:
        """The numbers that ``numbers`` writes for an expression, those to be predicted left out."""
        match node:
            case Ref():
                if not self.hides(node):
                    yield self.trace.lookup(node)
            case Number(value=value, text=text):
                if not text:
                    yield value
            case _:
                for part in parts_of(node):
                    yield from self._values(part)

    def hides(self, ref: Ref) -> bool:
        """Whether a number is still to be predicted."""
        if self.done is None:
            return False
        number = self.trace.number_of(*ref.key)
        return number is not None and number > self.done
