"""Rows of a formula, aligned on their signs."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QPainter

from engine.core.notation import Text
from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of, laid_out
from gui.walkthrough.page import Lines
from gui.widgets.typeset import Spot, Typeset

LEAST_RIGHT: Final = 0.5
"""Share of the width that the right side of a formula gets at the least."""


@block_of.register(Lines)
class LinesBlock(Block):
    """Rows of a formula, aligned on their signs; a long right side is broken and goes on behind the sign."""

    def __init__(self, part: Lines, width: float, theme: Theme) -> None:
        super().__init__()
        lefts = [None if row.left is None else laid_out(row.left, theme, None, 1.0) for row in part.rows]
        widths = [each.width for each in lefts if each is not None]
        reserved = max((laid_out(each, theme, None, 1.0).width for each in part.reserve), default=0.0)
        signs = [_sign(row.sign, theme) for row in part.rows]
        room = max((each.width for each in signs), default=0.0) + 2 * theme.px(5)
        column = max(widths, default=0.0)
        if max(column, reserved) + room <= (1 - LEAST_RIGHT) * width:
            column = max(column, reserved)
        self.sign_x = column + room / 2
        """Where the signs have their middle."""
        self.rows: list[tuple[Typeset, float, float]] = []
        gap, y = theme.px(7), 0.0
        for row, left, sign in zip(part.rows, lefts, signs, strict=True):
            right = laid_out(row.right, theme, max(width - column - room, 0.3 * width), row.size)
            ascent = max(right.ascent, sign.ascent, 0.0 if left is None else left.ascent)
            base = y + ascent
            if left is not None:
                self._place(left, column - left.width, base)
            self._place(sign, self.sign_x - sign.width / 2, base)
            self._place(right, column + room, base)
            below = max(right.descent, 0.0 if left is None else left.descent)
            y = base + below + gap
        self.height = max(0.0, y - gap)

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        for made, x, top in self.rows:
            made.paint(painter, x, y + top, theme, lit)

    def _place(self, made: Typeset, x: float, base: float) -> None:
        top = base - made.ascent
        self.rows.append((made, x, top))
        self.spots += [Spot(spot.rect.translated(x, top), spot.ref) for spot in made.spots]


def _sign(sign: str, theme: Theme) -> Typeset:
    return laid_out(Text(sign), theme, None, 1.0)
