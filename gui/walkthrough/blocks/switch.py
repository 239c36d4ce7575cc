"""Ways to show what follows, side by side in one frame; the chosen one is filled."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of
from gui.walkthrough.page import Option, Switch
from gui.widgets.typeset import Spot


@block_of.register(Switch)
class SwitchBlock(Block):
    """The options; in a narrow column they share the width."""

    def __init__(self, part: Switch, width: float, theme: Theme) -> None:
        super().__init__()
        metrics = QFontMetricsF(theme.fonts.small)
        pad = theme.px(10)
        self.height = metrics.height() + theme.px(8)
        self._chosen = part.chosen
        self._cells: list[tuple[QRectF, Option]] = []
        most = width / len(part.options)
        x = 0.0
        for each in part.options:
            wide = min(metrics.horizontalAdvance(each.text) + 2 * pad, most)
            self._cells.append((QRectF(x, 0, wide, self.height), each))
            x += wide
        self._frame = QRectF(0, 0, x, self.height)
        self.spots = [Spot(rect, option) for rect, option in self._cells if option != part.chosen]

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, y)
        painter.setFont(theme.fonts.small)
        corner = theme.px(4)
        for rect, option in self._cells:
            if option == self._chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent", 0.22))
                painter.drawRoundedRect(rect, corner, corner)
            painter.setPen(theme.colour("text" if option == self._chosen else "text-muted"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, option.text)
        painter.setPen(QPen(theme.colour("border"), theme.px(1)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._frame, corner, corner)
        painter.restore()
