"""A question that opens step by step, and a choice, as buttons on the page."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of
from gui.walkthrough.folded import Choice, Folded, Opener
from gui.widgets.typeset import Spot

_LEFT = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)


@block_of.register(Folded)
class FoldedBlock(Block):
    """The question with a triangle, what is open with a line at its left, and a button that goes on."""

    def __init__(self, part: Folded, width: float, theme: Theme) -> None:
        super().__init__()
        self._part, self._sign = part, theme.px(16)
        self._question = QRectF(0, 0, width, _height(part.question, width - self._sign, theme.fonts.ui))
        self.spots.append(Spot(self._question, Opener(part.topic, 0 if part.open else 1)))
        self._inner: list[tuple[Block, float]] = []
        self._next = QRectF()
        indent, y = theme.space(1.25), self._question.bottom()
        self._indent = indent
        for stage in part.stages[: part.open]:
            for each in stage:
                y += theme.space(1.25)
                block = block_of(each, width - indent, theme)
                self._inner.append((block, y))
                self.spots += [Spot(spot.rect.translated(indent, y), spot.ref) for spot in block.spots]
                y += block.height
        if part.next:
            y += theme.space(1.25)
            size = _height(part.next, width - indent - self._sign, theme.fonts.ui)
            self._next = QRectF(indent, y, width - indent, size)
            self.spots.append(Spot(self._next, Opener(part.topic, part.open + 1)))
            y = self._next.bottom()
        self.height = y

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._button(
            painter, self._question.translated(0, y), self._part.question, theme, bool(self._part.open)
        )
        if self._inner:
            painter.setPen(QPen(theme.colour("border"), theme.px(1.5)))
            x = self._sign / 3
            top = y + self._question.bottom() + theme.space(0.75)
            painter.drawLine(QPointF(x, top), QPointF(x, y + self.height))
        painter.translate(self._indent, 0)
        for block, top in self._inner:
            block.paint(painter, y + top, theme, lit)
        painter.translate(-self._indent, 0)
        if self._part.next:
            self._button(painter, self._next.translated(0, y), self._part.next, theme, False)

    def _button(self, painter: QPainter, rect: QRectF, text: str, theme: Theme, open: bool) -> None:
        """A triangle that says whether it is open, and the words."""
        ink, size = theme.colour("accent"), theme.px(9)
        line = QFontMetricsF(theme.fonts.ui).height()
        x, y = rect.left() + theme.px(1), rect.top() + line / 2
        if open:
            corners = ((x, y - size / 3), (x + size, y - size / 3), (x + size / 2, y + size / 2))
        else:
            corners = ((x + size / 6, y - size / 2), (x + size, y), (x + size / 6, y + size / 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPolygon(QPolygonF([QPointF(*each) for each in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(theme.fonts.ui)
        painter.setPen(ink)
        painter.drawText(rect.adjusted(self._sign, 0, 0, 0), _LEFT, text)


@block_of.register(Choice)
class ChoiceBlock(Block):
    """The options beside one another, or below one another where there is no room; the chosen one is filled
    and bold."""

    def __init__(self, part: Choice, width: float, theme: Theme) -> None:
        super().__init__()
        self._part = part
        strong, pad, gap = theme.fonts.strong, theme.space(1), theme.space(0.5)
        metrics = QFontMetricsF(strong)
        wide = [min(width, metrics.horizontalAdvance(each) + 2 * pad) for each in part.options]
        beside = sum(wide) + gap * (len(wide) - 1) <= width
        x = y = 0.0
        self._rects: list[QRectF] = []
        for number, (text, size) in enumerate(zip(part.options, wide, strict=True)):
            high = _height(text, size - pad, strong) + theme.space(0.5)
            rect = QRectF(x, y, size if beside else width, high)
            self._rects.append(rect)
            self.spots.append(Spot(rect, Opener(part.topic, number)))
            x, y = (x + size + gap, y) if beside else (0.0, y + high + gap)
        self.height = max(rect.bottom() for rect in self._rects)

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (text, rect) in enumerate(zip(self._part.options, self._rects, strict=True)):
            chosen, box = number == self._part.chosen, rect.translated(0, y)
            painter.setPen(QPen(theme.colour("accent"), theme.px(2.0 if chosen else 1.0)))
            painter.setBrush(theme.colour("accent", 0.14) if chosen else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(4), theme.px(4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setFont(theme.fonts.strong if chosen else theme.fonts.ui)
            painter.setPen(theme.colour("text"))
            painter.drawText(box, _MIDDLE, text)


def _height(text: str, width: float, font: QFont) -> float:
    room = QRectF(0, 0, max(width, 10.0), 10000)
    return QFontMetricsF(font).boundingRect(room, _LEFT & ~int(Qt.AlignmentFlag.AlignVCenter), text).height()
