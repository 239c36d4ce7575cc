"""A page of the formula panel as plain data: what is said, written and drawn about one number.

``story`` makes pages of steps and of numbers; ``sheet`` lays them out. A page holds no widget, so what it
says can be tested without one. A further sort of part is a class of its own, with its block beside it
(``blocks.block_of``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from engine.core.expressions import Ref
from engine.core.notation import Notation, as_text
from engine.core.shapes import spoken


class Part(ABC):
    """One part of a page, as plain data."""

    __slots__ = ()

    @abstractmethod
    def as_text(self) -> str:
        """The part in words, for screen readers and tests."""


@dataclass(frozen=True, slots=True)
class Heading(Part):
    """What happens, in words; ``small`` says where."""

    text: str
    small: str = ""

    def as_text(self) -> str:
        return f"{self.text}\n{self.small}" if self.small else self.text


@dataclass(frozen=True, slots=True)
class Remark(Part):
    """A sentence below a formula."""

    text: str

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a formula; rows of one block are aligned on their signs."""

    left: Notation | None
    sign: str
    right: Notation
    size: float = 1.0

    def as_text(self) -> str:
        """The row on one line of Unicode."""
        left = "" if self.left is None else as_text(self.left)
        return f"{left} {self.sign} {as_text(self.right)}".strip()


@dataclass(frozen=True, slots=True)
class Lines(Part):
    """Rows below one another. ``reserve`` is the widest left side that the following steps will have, so that
    the signs do not jump from step to step."""

    rows: tuple[Line, ...]
    reserve: tuple[Notation, ...] = ()

    def as_text(self) -> str:
        return "\n".join(row.as_text() for row in self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A matrix with numbers: ``ref(i, j)`` names a cell, ``value(i, j)`` is ``None`` while it is unknown.

    ``row`` and ``column`` are lit; where both are given, so is the cell where they cross, or ``active``.
    """

    rows: int
    columns: int
    ref: Callable[[int, int], Ref]
    value: Callable[[int, int], float | None]
    row: int | None = None
    column: int | None = None
    active: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Operand:
    """One matrix of an equation: its symbol, its shape below it, its numbers if there are any to show."""

    symbol: Notation
    shape: tuple[int, ...] | None = None
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Equation(Part):
    """The general equation of a step; plain notation stands for signs between the matrices."""

    items: tuple[Operand | Notation, ...]

    def as_text(self) -> str:
        """The equation on one line, with shapes: ``z[1] (4×1) = W[1] (4×2) x (2×1) + b[1] (4×1)``."""
        words = []
        for each in self.items:
            if isinstance(each, Operand):
                shape = f" ({spoken(each.shape)})" if each.shape else ""
                words.append(as_text(each.symbol) + shape)
            else:
                words.append(as_text(each).strip())
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Code(Part):
    """A line of NumPy."""

    text: str

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Page:
    """The parts from top to bottom."""

    parts: tuple[Part, ...]

    def as_text(self) -> str:
        """The page in words, for screen readers and tests."""
        return "\n".join(part.as_text() for part in self.parts)
