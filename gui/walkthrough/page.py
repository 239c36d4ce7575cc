"""A page of the formula panel as plain data: what is said, written and drawn about one number.

``story`` makes pages of steps and of numbers; ``sheet`` lays them out. A page holds no widget, so what it
says can be tested without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from engine.core.expressions import Ref
from engine.core.notation import Notation, as_text
from engine.core.shapes import spoken


@dataclass(frozen=True, slots=True)
class Heading:
    """What happens, in words; ``small`` says where."""

    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence below a formula."""

    text: str


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
class Lines:
    """Rows below one another. ``reserve`` is the widest left side that the following steps will have, so that
    the signs do not jump from step to step."""

    rows: tuple[Line, ...]
    reserve: tuple[Notation, ...] = ()


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
class Equation:
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
class Code:
    """A line of NumPy."""

    text: str


Part: TypeAlias = Heading | Remark | Lines | Equation | Code


@dataclass(frozen=True, slots=True)
class Page:
    """The parts from top to bottom."""

    parts: tuple[Part, ...]

    def as_text(self) -> str:
        """The page in words, for screen readers and tests."""
        found: list[str] = []
        for part in self.parts:
            match part:
                case Heading(text=text, small=small):
                    found += [text, small] if small else [text]
                case Remark(text=text) | Code(text=text):
                    found.append(text)
                case Lines(rows=rows):
                    found += [row.as_text() for row in rows]
                case Equation():
                    found.append(part.as_text())
        return "\n".join(found)
