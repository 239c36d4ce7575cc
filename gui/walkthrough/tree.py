"""The expression tree of a number as a part of a page: one row a number, indented, with what unfolds it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.expressions import Ref
from engine.core.notation import Notation, as_text
from gui.walkthrough.commands import Press
from gui.walkthrough.page import Part
from gui.walkthrough.words import tr

Path = tuple[int, ...]
"""Where a row hangs: which child of which child, from the number of the page on."""


@dataclass(frozen=True, slots=True)
class Fold(Press):
    """The head of a row: a press unfolds what the number is made of, or folds it."""

    path: Path = ()
    open: bool = False

    @classmethod
    def of(cls, path: Path, open: bool) -> Fold:
        """That of a row."""
        return cls(("fold", path), path, open)


@dataclass(frozen=True, slots=True)
class More(Press):
    """Stands for children of a row that are left out."""

    path: Path = ()

    @classmethod
    def of(cls, path: Path) -> More:
        """That of a row."""
        return cls(("more", path), path)


@dataclass(frozen=True, slots=True)
class Branch:
    """One row: symbol = numbers = value. A leaf has no numbers; ``note`` says that it is a weight, say."""

    depth: int
    symbol: Notation
    numbers: Notation | None
    value: Notation | None
    press: Press | None = None
    note: str = ""
    ref: Ref | None = None
    signs: tuple[str, str] = ("=", "=")
    """Before the numbers and before the value: "≈" where what stands there is rounded."""

    def as_text(self) -> str:
        """The row on one line of Unicode."""
        sides = "".join(f" {sign} {as_text(each)}" for sign, each in self.sides)
        sign = "" if not isinstance(self.press, Fold) else "▾ " if self.press.open else "▸ "
        note = f" ({self.note})" if self.note else ""
        return f"{'  ' * self.depth}{sign}{as_text(self.symbol)}{sides}{note}"

    @property
    def sides(self) -> tuple[tuple[str, Notation], ...]:
        """What follows the symbol, each with its sign."""
        sides = zip(self.signs, (self.numbers, self.value), strict=True)
        return tuple((sign, each) for sign, each in sides if each is not None)


@dataclass(frozen=True, slots=True)
class Tree(Part):
    """All rows that are unfolded; ``left`` says how many numbers lie deeper still, in words."""

    rows: tuple[Branch, ...]
    left: str = ""

    @property
    def title(self) -> str:
        """What stands above it."""
        return tr("What it is made of")

    def as_text(self) -> str:
        """All rows below one another."""
        lines = (self.title, *(row.as_text() for row in self.rows), self.left)
        return "\n".join(line for line in lines if line)
