"""The small signs that fold and unfold: a minus where something can be folded, a plus where it is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.geometry import Geometry
from gui.editor.marks import Marks
from gui.theme import Theme

SIDE = 15.0
"""Of a sign, at scale 1."""


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign of a layer."""

    layer: str
    rect: QRectF
    folded: bool


def draw_sign(painter: QPainter, rect: QRectF, folded: bool, theme: Theme, lit: bool = False) -> None:
    """A small square with a minus, or with a plus."""
    line = max(1.0, rect.width() / 11)
    ink = theme.colour("accent" if lit else "text-muted")
    painter.setPen(QPen(ink, line))
    painter.setBrush(theme.colour("canvas"))
    inside = rect.adjusted(line, line, -line, -line)
    painter.drawRoundedRect(inside, rect.width() / 5, rect.width() / 5)
    painter.setPen(QPen(ink, 1.5 * line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    middle, arm = inside.center(), inside.width() * 0.27
    painter.drawLine(QPointF(middle.x() - arm, middle.y()), QPointF(middle.x() + arm, middle.y()))
    if folded:
        painter.drawLine(QPointF(middle.x(), middle.y() - arm), QPointF(middle.x(), middle.y() + arm))
    painter.setBrush(Qt.BrushStyle.NoBrush)


class FoldSignsItem(QGraphicsItem):
    """The signs of all layers. A layer that is not folded shows its own only where the mouse is."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.signs: tuple[Sign, ...] = ()
        self._shown: frozenset[str] = frozenset()
        self._lit = ""
        self._bounds = QRectF()
        self.setZValue(46)

    def rebuild(self, geometry: Geometry, theme: Theme) -> None:
        """Other layers, or other places for them."""
        self.prepareGeometryChange()
        self.theme, side = theme, SIDE * theme.scale
        self.signs = tuple(
            Sign(place.id, _square(place.frame.topLeft(), side), place.layer.folded)
            for place in geometry.places.values()
            if place.drawn.foldable and (place.layer.size > 1 or place.layer.folded)
        )
        self._bounds = QRectF()
        for sign in self.signs:
            self._bounds = self._bounds.united(sign.rect.adjusted(-1, -1, 1, 1))
        self.set_marks(Marks())
        self.update()

    def set_marks(self, marks: Marks) -> None:
        """Where the mouse is, and what is selected."""
        here = marks.hovered_layers | marks.handles | marks.layers | {marks.focus.layer}
        folded = {sign.layer for sign in self.signs if sign.folded}
        shown, lit = here | folded, marks.hovered_fold
        if (shown, lit) != (self._shown, self._lit):
            self._shown, self._lit = shown, lit
            self.update()

    def at(self, point: QPointF, slack: float) -> str:
        """The layer whose sign is at a point; one that does not show is there all the same."""
        found = (
            each for each in self.signs if each.rect.adjusted(-slack, -slack, slack, slack).contains(point)
        )
        return next((each.layer for each in found), "")

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for sign in self.signs:
            if sign.layer in self._shown:
                draw_sign(painter, sign.rect, sign.folded, self.theme, sign.layer == self._lit)


def _square(centre: QPointF, side: float) -> QRectF:
    return QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
