"""Blocks: the parts of a page laid out for one width, painted from top to bottom by a ``Sheet``."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from engine.core.notation import Text
from gui.theme import Theme
from gui.walkthrough.page import Code, Heading, Lines, Remark
from gui.widgets.typeset import Spot, Typeset, typeset

Lit = Collection[Hashable]
LEAST_RIGHT: Final = 0.5
"""Share of the width that the right side of a formula gets at the least."""
_WRAP: Final = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)


laid_out = lru_cache(maxsize=512)(typeset)
"""``typeset``, remembered: from step to step most of a formula stays as it is."""


class Block:
    """One part with its height; ``spots`` are the places of its numbers and symbols."""

    height: float = 0.0

    def __init__(self) -> None:
        self.spots: list[Spot] = []

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        """Draw it with its upper edge at y."""


class HeadingBlock(Block):
    """What happens, in bold, and where in small letters above it."""

    def __init__(self, part: Heading, width: float, theme: Theme) -> None:
        super().__init__()
        self._part = part
        room, small = QRectF(0, 0, width, 10000), 0.0
        if part.small:
            small = QFontMetricsF(theme.fonts.small).boundingRect(room, _WRAP, part.small).height()
        metrics = QFontMetricsF(theme.fonts.strong)
        needed = metrics.boundingRect(QRectF(0, 0, width, 10000), _WRAP, part.text).height()
        self._small = QRectF(0, 0, width, small)
        self._text = QRectF(0, small, width, needed)
        self.height = small + needed

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setFont(theme.fonts.small)
        painter.setPen(theme.colour("text-muted"))
        painter.drawText(self._small.translated(0, y), _WRAP, self._part.small)
        painter.setFont(theme.fonts.strong)
        painter.setPen(theme.colour("text"))
        painter.drawText(self._text.translated(0, y), _WRAP, self._part.text)


class RemarkBlock(Block):
    """A sentence."""

    def __init__(self, part: Remark, width: float, theme: Theme) -> None:
        super().__init__()
        self._part, metrics = part, QFontMetricsF(theme.fonts.ui)
        self.height = metrics.boundingRect(QRectF(0, 0, width, 10000), _WRAP, part.text).height()
        self._rect = QRectF(0, 0, width, self.height)

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setFont(theme.fonts.ui)
        painter.setPen(theme.colour("text-muted"))
        painter.drawText(self._rect.translated(0, y), _WRAP, self._part.text)


class CodeBlock(Block):
    """A line of NumPy on a ground of its own."""

    def __init__(self, part: Code, width: float, theme: Theme) -> None:
        super().__init__()
        self._part, self._pad = part, theme.space(0.75)
        self._font = QFont(theme.fonts.mono)
        self._font.setFeature(QFont.Tag("calt"), 0)  # no ligatures: /= must not look like "not equal"
        inside = width - 2 * self._pad
        metrics = QFontMetricsF(self._font)
        needed = metrics.boundingRect(QRectF(0, 0, inside, 10000), _WRAP, part.text).height()
        self._text = QRectF(self._pad, self._pad, inside, needed)
        self.height = needed + 2 * self._pad
        self._rect = QRectF(0, 0, width, self.height)

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(self._rect.translated(0, y), theme.px(4), theme.px(4))
        painter.setFont(self._font)
        painter.setPen(theme.colour("text"))
        painter.drawText(self._text.translated(0, y), _WRAP, self._part.text)


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


def spot_at(spots: list[Spot], point: QPointF) -> Spot | None:
    """The innermost spot at a point."""
    found = [spot for spot in spots if spot.rect.contains(point)]
    return min(found, key=lambda spot: spot.rect.width() * spot.rect.height(), default=None)
