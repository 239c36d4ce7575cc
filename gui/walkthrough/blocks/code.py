"""A line of NumPy on a ground of its own; its names light up with the numbers that they hold."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption

from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of
from gui.walkthrough.page import Code, Name
from gui.widgets.typeset import Spot


@block_of.register(Code)
class CodeBlock(Block):
    """A line of NumPy, broken between words where it is too long."""

    def __init__(self, part: Code, width: float, theme: Theme) -> None:
        super().__init__()
        self._pad = theme.space(0.75)
        font = QFont(theme.fonts.mono)
        font.setFeature(QFont.Tag("calt"), 0)  # no ligatures: /= must not look like "not equal"
        self._lines = QTextLayout(part.text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        self._lines.setTextOption(option)
        bottom = self._lay_out(width - 2 * self._pad)
        self.height = bottom + 2 * self._pad
        self._rect = QRectF(0, 0, width, self.height)
        self._names = [(rect, name) for name in part.names for rect in self._rects(name)]
        self.spots = [Spot(rect, name) for rect, name in self._names]

    def _lay_out(self, width: float) -> float:
        y = 0.0
        self._lines.beginLayout()
        while (line := self._lines.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y))
            y += line.height()
        self._lines.endLayout()
        return y

    def _rects(self, name: Name) -> list[QRectF]:
        line = self._lines.lineForTextPosition(name.start)
        left, right = (_x(line.cursorToX(each)) for each in (name.start, name.end))
        return [QRectF(self._pad + left, self._pad + line.y(), right - left, line.height())]

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(self._rect.translated(0, y), theme.px(4), theme.px(4))
        painter.setBrush(theme.colour("accent", 0.28))
        for rect, name in self._names:
            if name.holds(lit):
                painter.drawRoundedRect(
                    rect.adjusted(-2, -1, 2, 1).translated(0, y), theme.px(4), theme.px(4)
                )
        painter.setPen(theme.colour("text"))
        self._lines.draw(painter, QPointF(self._pad, self._pad + y))


def _x(found: Any) -> float:
    """What ``cursorToX`` gives: the place, in some versions of the binding with the cursor's number."""
    return float(found[0]) if isinstance(found, tuple) else float(found)
