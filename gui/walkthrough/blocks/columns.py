"""Plates side by side, each with a number and, below, its name; two rows where one is too narrow."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from engine.core.notation import Row, Text
from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of, laid_out
from gui.walkthrough.columns import Column, Columns
from gui.widgets.typeset import Spot, Tone, Typeset, tone_colours

_MIDDLE: Final = (
    int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
)


@block_of.register(Columns)
class ColumnsBlock(Block):
    """A plate for each number, its edge in the number's colour."""

    def __init__(self, part: Columns, width: float, theme: Theme) -> None:
        super().__init__()
        self._placed: list[tuple[Column, QRectF, Typeset, QPointF, QRectF]] = []
        made = [laid_out(_written(each), theme, None, 1.0) for each in part.columns]
        metrics = QFontMetricsF(theme.fonts.small)
        pad, gap = theme.space(0.75), theme.space(0.75)
        words = [max(metrics.horizontalAdvance(word) for word in each.name.split()) for each in part.columns]
        widest = max(max(one.width, word) for one, word in zip(made, words, strict=True)) + 2 * pad
        count = len(made)
        beside = count if count * widest + (count - 1) * gap <= width else max(1, (count + 1) // 2)
        wide = min(max(widest, (width - (beside - 1) * gap) / beside), 1.6 * widest)
        high = max(each.height for each in made)
        room = QRectF(0, 0, wide - pad, 10000)
        name = max(metrics.boundingRect(room, _MIDDLE, each.name).height() for each in part.columns)
        for number, (column, one) in enumerate(zip(part.columns, made, strict=True)):
            row, place = divmod(number, beside)
            x, y = place * (wide + gap), row * (high + name + 2.5 * pad + gap)
            plate = QRectF(x, y, wide, high + name + 2.5 * pad)
            at = QPointF(x + (wide - one.width) / 2, y + pad + (high - one.height) / 2)
            below = QRectF(x + pad / 2, y + pad * 1.5 + high, wide - pad, name)
            self._placed.append((column, plate, one, at, below))
            self.spots += [Spot(spot.rect.translated(at), spot.ref) for spot in one.spots]
        self.height = self._placed[-1][1].bottom()

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        inks = tone_colours(theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for column, plate, one, at, below in self._placed:
            plain = column.tone is Tone.PLAIN
            edge = theme.colour("outline") if plain else inks[column.tone]
            painter.setPen(QPen(edge, theme.px(1.0 if plain else 2.0)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(plate.translated(0, y).adjusted(1, 1, -1, -1), theme.px(4), theme.px(4))
            one.paint(painter, at.x(), y + at.y(), theme, lit)
            painter.setFont(theme.fonts.small)
            painter.setPen(theme.colour("text-muted"))
            painter.drawText(below.translated(0, y), _MIDDLE, column.name)


def _written(column: Column) -> Row:
    sign = (Text(column.sign),) if column.sign else ()
    return Row((*sign, column.number), column.tone)
