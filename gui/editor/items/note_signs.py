"""Small signs at layers and neurons that a note is attached to; the mouse over one shows its text."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.document import Note
from gui.editor.geometry import Geometry
from gui.editor.items.note_slip import paper
from gui.editor.marks import Marks
from gui.theme import Theme

SIDE = 17.0
"""Of a sign, at scale 1."""


class NoteSignsItem(QGraphicsItem):
    """All of them."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.signs: dict[str, QRectF] = {}
        """Where the sign of each note stands; none for a note at what is not drawn."""
        self._marks = Marks()
        self._bounds = QRectF()
        self.setZValue(45)

    def rebuild(self, geometry: Geometry, notes: tuple[Note, ...], theme: Theme) -> None:
        """Other notes, or other places for what they are attached to."""
        self.prepareGeometryChange()
        self.theme, self._marks = theme, Marks()
        self.signs = {}
        for note in notes:
            spot = _spot(geometry, note)
            if spot is not None:
                side = SIDE * theme.scale
                self.signs[note.id] = QRectF(spot.x() - side / 2, spot.y() - side / 2, side, side)
        self._bounds = QRectF()
        for rect in self.signs.values():
            self._bounds = self._bounds.united(rect.adjusted(-4, -4, 4, 4))
        self.setVisible(bool(self.signs))  # else Qt asks for it to be painted with every frame
        self.update()

    def set_marks(self, marks: Marks) -> None:
        """What is selected, hovered and in the focus."""
        now, before = (marks.notes, marks.hovered_note, marks.focus), self._marks
        if now != (before.notes, before.hovered_note, before.focus):
            self.update()
        self._marks = marks

    def at(self, point: QPointF, slack: float) -> str:
        """The note whose sign is at a point."""
        found = self.signs.items()
        return next((id for id, r in found if r.adjusted(-slack, -slack, slack, slack).contains(point)), "")

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, marks = self.theme, self._marks
        fill, _ = paper(theme)
        for id, rect in self.signs.items():
            ink = theme.colour("accent" if id in marks.notes or id == marks.hovered_note else "text-muted")
            line = rect.width() / 13
            painter.setPen(QPen(ink, (1.8 if id in marks.notes else 1.2) * line))
            painter.setBrush(fill)
            sheet = rect.adjusted(line, 0.5 * line, -line, -0.24 * rect.height())
            tail = QPointF(sheet.left() + 0.3 * sheet.width(), rect.bottom() - 0.5 * line)
            painter.drawPolygon(_bubble(sheet, tail))
            for share in (0.34, 0.66):
                y = sheet.top() + share * sheet.height()
                inset = 0.22 * sheet.width()
                painter.drawLine(QPointF(sheet.left() + inset, y), QPointF(sheet.right() - inset, y))
            if marks.focus.note == id:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour("active"), 1.5 * line, Qt.PenStyle.DotLine))
                painter.drawRect(rect.adjusted(-2, -2, 2, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _bubble(sheet: QRectF, tail: QPointF) -> QPolygonF:
    return QPolygonF([
        sheet.topLeft(), sheet.topRight(), sheet.bottomRight(),
        QPointF(sheet.left() + 0.55 * sheet.width(), sheet.bottom()), tail,
        QPointF(sheet.left() + 0.25 * sheet.width(), sheet.bottom()), sheet.bottomLeft(),
    ])  # fmt: skip


def _spot(geometry: Geometry, note: Note) -> QPointF | None:
    """The lower right corner of a layer, or the upper left of a neuron; what stands there is free."""
    place = geometry.places.get(note.layer)
    if place is None:
        return None
    if note.unit is None or place.is_block:
        return place.frame.bottomRight()
    unit = geometry.unit(note.layer, note.unit)
    off = 0.74 * geometry.sizes.radius
    return place.frame.bottomRight() if unit is None else QPointF(unit.x - off, unit.y - off)
