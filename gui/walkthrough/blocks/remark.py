"""A sentence, broken into lines."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.theme import Theme
from gui.walkthrough.blocks.base import WRAP, Block, Lit, block_of
from gui.walkthrough.page import Remark


@block_of.register(Remark)
class RemarkBlock(Block):
    """A sentence."""

    def __init__(self, part: Remark, width: float, theme: Theme) -> None:
        super().__init__()
        self._part, metrics = part, QFontMetricsF(theme.fonts.ui)
        self.height = metrics.boundingRect(QRectF(0, 0, width, 10000), WRAP, part.text).height()
        self._rect = QRectF(0, 0, width, self.height)

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setFont(theme.fonts.ui)
        painter.setPen(theme.colour("text-muted"))
        painter.drawText(self._rect.translated(0, y), WRAP, self._part.text)
