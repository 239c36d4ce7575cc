"""Commands laid out: words in the colour of what can be pressed, with a triangle before them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPolygonF

from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of
from gui.walkthrough.commands import Commands
from gui.widgets.typeset import Spot


@block_of.register(Commands)
class CommandsBlock(Block):
    """Side by side as far as they fit, then in the next line."""

    def __init__(self, part: Commands, width: float, theme: Theme) -> None:
        super().__init__()
        metrics = QFontMetricsF(theme.fonts.ui)
        high, gap = metrics.height() + theme.px(8), theme.px(16)
        self._sign = 0.5 * metrics.height()
        self._texts: list[tuple[QRectF, str]] = []
        x = y = 0.0
        for press, text in part.items:
            wide = metrics.horizontalAdvance(text) + 1.6 * self._sign + theme.px(2)
            if x and x + wide > width:
                x, y = 0.0, y + high
            rect = QRectF(x, y, min(wide, width), high)
            self._texts.append((rect, text))
            self.spots.append(Spot(rect, press))
            x += wide + gap
        self.height = y + high

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setFont(theme.fonts.ui)
        for rect, text in self._texts:
            painter.setPen(theme.colour("accent"))
            start = rect.translated(1.6 * self._sign, y)
            painter.drawText(start, int(Qt.AlignmentFlag.AlignVCenter), text)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            middle, side = rect.center().y() + y, 0.7 * self._sign
            corners = [(0.0, -side / 2), (0.8 * side, 0.0), (0.0, side / 2)]
            painter.drawPolygon(QPolygonF([QPointF(rect.left() + dx, middle + dy) for dx, dy in corners]))
