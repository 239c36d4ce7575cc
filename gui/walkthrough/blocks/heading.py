"""What happens, in bold, and where in small letters above it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.theme import Theme
from gui.walkthrough.blocks.base import WRAP, Block, Lit, block_of
from gui.walkthrough.page import Heading


@block_of.register(Heading)
class HeadingBlock(Block):
    """What happens, in bold, and where in small letters above it."""

    def __init__(self, part: Heading, width: float, theme: Theme) -> None:
        super().__init__()
        self._part = part
        room, small = QRectF(0, 0, width, 10000), 0.0
        if part.small:
            small = QFontMetricsF(theme.fonts.small).boundingRect(room, WRAP, part.small).height()
        metrics = QFontMetricsF(theme.fonts.strong)
        needed = metrics.boundingRect(QRectF(0, 0, width, 10000), WRAP, part.text).height()
        self._small = QRectF(0, 0, width, small)
        self._text = QRectF(0, small, width, needed)
        self.height = small + needed

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setFont(theme.fonts.small)
        painter.setPen(theme.colour("text-muted"))
        painter.drawText(self._small.translated(0, y), WRAP, self._part.small)
        painter.setFont(theme.fonts.strong)
        painter.setPen(theme.colour("text"))
        painter.drawText(self._text.translated(0, y), WRAP, self._part.text)
