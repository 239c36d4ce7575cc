"""A note on the canvas: a quiet slip of paper with its text."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.document import Note
from gui.colours import blend
from gui.editor.items.text import LEGIBLE, scaled, zoom_of
from gui.editor.marks import Marks
from gui.theme import Theme

INSIDE = 10.0
"""From the edge of the paper to the text, at scale 1."""
EAR = 13.0
"""Side of the corner that is turned down."""
MOST_LINES = 24
"""A longer text is cut on the canvas; all of it is read where it is edited."""


def paper(theme: Theme) -> tuple:
    """The colours of the paper and of its edge."""
    tint = theme.colour("warning")
    return blend(theme.colour("panel"), tint, 0.13), blend(theme.colour("panel"), tint, 0.55)


def laid_out(text: str, font: QFont, width: float) -> tuple[QTextLayout, bool]:
    """The text in lines of that width, and whether it was cut because there are too many of them."""
    layout = _lines(text, font, width)
    if layout.lineCount() <= MOST_LINES:
        return layout, False
    end = layout.lineAt(MOST_LINES - 1).textStart()
    return _lines(f"{text[:end].rstrip()}\n…", font, width), True


def _lines(text: str, font: QFont, width: float) -> QTextLayout:
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    wrapping = QTextOption()
    wrapping.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(wrapping)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    height = 0.0
    while layout.lineCount() <= MOST_LINES and (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1.0))
        line.setPosition(QPointF(0, height))
        height += math.ceil(line.height() * 1.08)
    layout.endLayout()
    return layout


class SlipItem(QGraphicsItem):
    """One note that has a place of its own."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, note: Note, corner: QPointF, theme: Theme, growth: float = 1.0) -> None:
        super().__init__()
        self.note, self.theme, self.growth = note, theme, growth
        self._font = scaled(theme.fonts.ui, growth)
        self._scale = scale = theme.scale * growth
        width = note.width * scale
        self._lines, self.cut = laid_out(note.text, self._font, width - 2 * INSIDE * scale)
        left, top = corner.x() + INSIDE * scale, corner.y() + 0.8 * INSIDE * scale
        self._text = QRectF(left, top, width - 2 * INSIDE * scale, self._lines.boundingRect().height())
        self.rect = QRectF(corner.x(), corner.y(), width, self._text.height() + 1.7 * INSIDE * scale)
        self._marked = (False, False, False)
        self.setZValue(40)
        edge = 4 * scale
        self._bounds = self.rect.adjusted(-edge, -edge, edge, edge)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_marks(self, marks: Marks) -> None:
        """What is selected, hovered and in the focus."""
        id = self.note.id
        about = (id in marks.notes, id == marks.hovered_note, id == marks.focus.note)
        if about != self._marked:
            self._marked = about
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, scale, rect = self.theme, self._scale, self.rect
        selected, hovered, focused = self._marked
        fill, edge = paper(theme)
        pen = QPen(edge, 1.2 * scale)
        if hovered:
            pen = QPen(theme.colour("outline"), 1.2 * scale)
        if selected:
            pen = QPen(theme.colour("accent"), 2.5 * scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ear = min(EAR * scale, rect.height() / 3)
        sheet = QPainterPath(rect.topLeft())
        sheet.lineTo(rect.right() - ear, rect.top())
        sheet.lineTo(rect.right(), rect.top() + ear)
        for corner in (rect.bottomRight(), rect.bottomLeft()):
            sheet.lineTo(corner)
        sheet.closeSubpath()
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawPath(sheet)
        flap = QPainterPath(QPointF(rect.right() - ear, rect.top()))
        flap.lineTo(rect.right() - ear, rect.top() + ear)
        flap.lineTo(rect.right(), rect.top() + ear)
        flap.closeSubpath()
        painter.setBrush(blend(fill, edge, 0.5))
        painter.drawPath(flap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if focused:
            painter.setPen(QPen(theme.colour("active"), 2 * scale, Qt.PenStyle.DotLine))
            painter.drawRect(rect.adjusted(-2 * scale, -2 * scale, 2 * scale, 2 * scale))
        self._write(painter)

    def _write(self, painter: QPainter) -> None:
        theme, metrics = self.theme, QFontMetricsF(self._font)
        if zoom_of(painter) * metrics.height() < 0.75 * LEGIBLE:
            self._far(painter, metrics.lineSpacing())
            return
        painter.setPen(theme.colour("text"))
        self._lines.draw(painter, self._text.topLeft())

    def _far(self, painter: QPainter, step: float) -> None:
        """From far away lines stand for the text."""
        painter.setPen(QPen(self.theme.colour("text-muted", 0.5), step / 5))
        for number in range(max(1, int(self._text.height() / step))):
            y = self._text.top() + (number + 0.55) * step
            painter.drawLine(QPointF(self._text.left(), y), QPointF(self._text.right(), y))
