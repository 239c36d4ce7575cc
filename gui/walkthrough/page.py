"""A page of the formula panel as plain data: what is said, written and drawn about one number.

``story`` makes pages of steps and of numbers; ``sheet`` lays them out. A page holds no widget, so what it
says can be tested without one. A further sort of part is a class of its own, with its block beside it
(``blocks.block_of``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

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


_Across = Literal["", "columns", "rows"]
_OTHER: dict[_Across, _Across] = {"": "", "columns": "rows", "rows": "columns"}


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A matrix with numbers: ``ref(i, j)`` names a cell, ``value(i, j)`` is ``None`` while it is unknown.

    ``row`` and ``column`` are lit; where both are given, so is the cell where they cross, or ``active``.
    ``column_heads`` and ``row_heads`` say what its columns and rows are. Behind a ``broadcast`` vector stand
    pale copies of it: the same for every example.
    """

    rows: int
    columns: int
    ref: Callable[[int, int], Ref]
    value: Callable[[int, int], float | None]
    row: int | None = None
    column: int | None = None
    active: tuple[int, int] | None = None
    column_heads: Callable[[int], Notation] | None = None
    row_heads: Callable[[int], Notation] | None = None
    broadcast: _Across = ""

    def ghost(self, i: int, j: int) -> bool:
        """Whether a cell is a copy that only broadcasting makes."""
        return {"columns": j, "rows": i}.get(self.broadcast, 0) > 0

    @property
    def transposed(self) -> Grid:
        """The same numbers with rows for columns."""
        ref, value, active = self.ref, self.value, self.active
        return Grid(
            self.columns, self.rows, lambda i, j: ref(j, i), lambda i, j: value(j, i), self.column, self.row,
            None if active is None else (active[1], active[0]), self.row_heads, self.column_heads,
            _OTHER[self.broadcast],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operand:
    """One matrix of an equation: its symbol, its shape below it, its numbers if there are any to show.

    A ``parameter`` has no examples; a ``locked`` one stays the same while the examples go by.
    """

    symbol: Notation
    shape: tuple[int, ...] | None = None
    grid: Grid | None = None
    parameter: bool = False
    locked: bool = False


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
class Option:
    """One of a few ways to show what follows."""

    value: bool
    text: str


@dataclass(frozen=True, slots=True)
class Switch(Part):
    """Ways to show what follows, one of them chosen; a click on another chooses that."""

    options: tuple[Option, ...]
    chosen: Option

    def as_text(self) -> str:
        return " | ".join(f"[{each.text}]" if each == self.chosen else each.text for each in self.options)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a line of code: where it stands, and the arrays that it stands for.

    An array is (owner, array, example): what the keys of its numbers have in common.
    """

    start: int
    end: int
    arrays: frozenset[tuple[str, str, int | None]]

    def holds(self, keys: Iterable[Hashable]) -> bool:
        """Whether any of these numbers lies in one of its arrays."""
        cells = (key for key in keys if isinstance(key, tuple) and len(key) == 4)
        return any((owner, array, example) in self.arrays for owner, array, _, example in cells)


@dataclass(frozen=True, slots=True)
class Code(Part):
    """A line of NumPy; its names light up with their numbers."""

    text: str
    names: tuple[Name, ...] = ()

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Loops(Part):
    """The same in plain Python, un-vectorised; ``line`` is the one that is done now."""

    text: str
    line: int | None = None

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Page:
    """The parts from top to bottom."""

    parts: tuple[Part, ...]

    def as_text(self) -> str:
        """The page in words, for screen readers and tests."""
        return "\n".join(part.as_text() for part in self.parts)
