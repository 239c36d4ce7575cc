"""A line of NumPy on a ground of its own."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from gui.theme import Theme
from gui.walkthrough.blocks.base import WRAP, Block, Lit, block_of
from gui.walkthrough.page import Code


@block_of.register(Code)
class CodeBlock(Block):
    """A line of NumPy on a ground of its own."""

    def __init__(self, part: Code, width: float, theme: Theme) -> None:
        super().__init__()
        self._part, self._pad = part, theme.space(0.75)
        self._font = QFont(theme.fonts.mono)
        self._font.setFeature(QFont.Tag("calt"), 0)  # no ligatures: /= must not look like "not equal"
        inside = width - 2 * self._pad
        metrics = QFontMetricsF(self._font)
        needed = metrics.boundingRect(QRectF(0, 0, inside, 10000), WRAP, part.text).height()
        self._text = QRectF(self._pad, self._pad, inside, needed)
        self.height = needed + 2 * self._pad
        self._rect = QRectF(0, 0, width, self.height)

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(self._rect.translated(0, y), theme.px(4), theme.px(4))
        painter.setFont(self._font)
        painter.setPen(theme.colour("text"))
        painter.drawText(self._text.translated(0, y), WRAP, self._part.text)
