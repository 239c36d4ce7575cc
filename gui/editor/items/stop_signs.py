"""Signs at neurons and layers at which a walkthrough stops: octagons, whatever their colour."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.geometry import Geometry
from gui.theme import Theme

SIDE = 16.0
"""Of a sign, at scale 1."""

Stop = tuple[str, int | None]
"""A layer, or a neuron in it by its key."""


class StopSignsItem(QGraphicsItem):
    """All of them."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.stops: tuple[Stop, ...] = ()
        self.spots: dict[Stop, QPointF] = {}
        """Where the sign of each stands; none for what is not drawn."""
        self._geometry: Geometry | None = None
        self._bounds = QRectF()
        self.setZValue(46)

    def show_stops(self, stops: tuple[Stop, ...]) -> None:
        """Other breakpoints."""
        if stops != self.stops:
            self.stops = stops
            self._place()

    def rebuild(self, geometry: Geometry, theme: Theme) -> None:
        """Other places for what they stand at."""
        self._geometry, self.theme = geometry, theme
        self._place()

    def _place(self) -> None:
        self.prepareGeometryChange()
        self.spots, self._bounds = {}, QRectF()
        reach = SIDE * self.theme.scale
        for stop in self.stops:
            spot = None if self._geometry is None else _spot(self._geometry, *stop)
            if spot is not None:
                self.spots[stop] = spot
                self._bounds = self._bounds.united(
                    QRectF(spot.x() - reach, spot.y() - reach, 2 * reach, 2 * reach)
                )
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, side = self.theme, SIDE * self.theme.scale
        for spot in self.spots.values():
            painter.setPen(QPen(theme.colour("canvas"), 0.09 * side))
            painter.setBrush(theme.colour("accent"))
            painter.drawPolygon(_octagon(spot, side / 2))
            painter.setPen(QPen(theme.colour("accent-text"), 0.13 * side))
            for off in (-0.13 * side, 0.13 * side):
                top, bottom = spot + QPointF(off, -0.19 * side), spot + QPointF(off, 0.19 * side)
                painter.drawLine(top, bottom)
        painter.setBrush(theme.colour("canvas"))


def _octagon(centre: QPointF, radius: float) -> QPolygonF:
    turns = ((2 * each + 1) * math.pi / 8 for each in range(8))
    return QPolygonF([centre + QPointF(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns])


def _spot(geometry: Geometry, layer: str, key: int | None) -> QPointF | None:
    """The lower left corner of a layer, or the lower left of a neuron; what stands there is free.

    That of a neuron that is not drawn stands at its layer.
    """
    place = geometry.places.get(layer)
    if place is None:
        return None
    unit = None if key is None or place.is_block else geometry.unit(layer, key)
    off = 0.74 * geometry.sizes.radius
    return place.frame.bottomLeft() if unit is None else QPointF(unit.x - off, unit.y + off)
