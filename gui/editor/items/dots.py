"""Neurons from far away: a dot each, filled by its activation. No numbers, and no work for them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.datasets.base import Data
from gui.editor.figures import activation_range
from gui.editor.geometry import Geometry, LayerPlace, UnitPlace
from gui.editor.items.text import shade, zoom_of
from gui.editor.marks import Kind, Marks
from gui.editor.picture import activation_spec
from gui.selection import Unit
from gui.theme import Theme

MANY = 60
"""With fewer neurons each is painted as such, however small."""
SMALL = 5.0
"""Radius on the screen, in pixels, below which a neuron is a dot."""
LEAST = 1.3
"""A dot is never smaller than this."""
SHADES = 16
UNKNOWN, WRONG = -1, -2
"""Shades of a neuron without a number, and of one whose activation is not a number."""

Shades = NDArray[np.int64]


class DotsItem(QGraphicsItem):
    """All neurons of all layers in one item: some twenty calls to paint, however many there are."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._geometry: Geometry | None = None
        self._places: tuple[LayerPlace, ...] = ()
        self._points: list[QPointF] = []
        self._shades: Shades = np.zeros(0, dtype=np.int64)
        self._marks = Marks()
        self._ranges: dict[str, tuple[object, NDArray[np.float64], NDArray[np.float64]]] = {}
        self._bounds = QRectF()
        self.setZValue(30)
        self.setVisible(False)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def rebuild(self, geometry: Geometry, theme: Theme) -> None:
        """Other neurons, or other places for them."""
        self.prepareGeometryChange()
        self._geometry, self._theme = geometry, theme
        self._places = tuple(place for place in geometry.places.values() if place.units)
        self._points = [unit.centre for place in self._places for unit in place.units]
        self._shades = np.full(len(self._points), UNKNOWN, dtype=np.int64)
        self._ranges.clear()
        self._marks = Marks()
        edge, bounds = 40 * geometry.sizes.radius, QRectF()
        for place in self._places:
            bounds = bounds.united(place.frame)
        self._bounds = bounds.adjusted(-edge, -edge, edge, edge) if self._places else bounds
        self.setVisible(False)

    def wanted_at(self, zoom: float) -> bool:
        """Whether the neurons are so many and so far away that they are dots."""
        geometry = self._geometry
        return geometry is not None and len(self._points) > MANY and geometry.sizes.radius * zoom < SMALL

    def show_activations(self, found: Mapping[str, Mapping[str, object]], data: Data | None) -> None:
        """Newer activations, by layer; painted anew only where a shade is another one."""
        parts = [self._shades_of(place, found.get(place.id, {}).get("a"), data) for place in self._places]
        shades = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        if not np.array_equal(shades, self._shades):
            self._shades = shades
            self.update()

    def set_marks(self, marks: Marks) -> None:
        """What is selected, hovered and in focus."""
        before, self._marks = self._marks, marks
        for unit in _marked(before) ^ _marked(marks):
            place = self._geometry.unit(*unit) if self._geometry is not None else None
            if place is not None:
                self.update(self._around(place))

    def _around(self, unit: UnitPlace) -> QRectF:
        assert self._geometry is not None
        reach = 40 * self._geometry.sizes.radius
        return QRectF(unit.x - reach, unit.y - reach, 2 * reach, 2 * reach)

    # ---------------------------------------------------------------- shades

    def _shades_of(self, place: LayerPlace, values: object, data: Data | None) -> Shades:
        count = len(place.units)
        if not isinstance(values, np.ndarray) or values.shape != (place.layer.size,):
            return np.full(count, UNKNOWN, dtype=np.int64)
        a = values[[unit.index for unit in place.units]].astype(np.float64)
        low, high = self._range_of(place, data)
        with np.errstate(all="ignore"):
            full = np.where(np.isinf(a), a > 0, 0.5 + 0.5 * a / (1.0 + np.abs(a)))
            above = np.maximum(a - low, 0.0)
            full = np.where(np.isfinite(low), above / (1.0 + above), full)
            wide = np.where(high > low, (a - low) / (high - low), 0.0)
            full = np.where(np.isfinite(low) & np.isfinite(high), np.clip(wide, 0.0, 1.0), full)
            full = np.where(np.isposinf(a), 1.0, full)
        shades = np.full(count, WRONG, dtype=np.int64)
        known = ~np.isnan(full)
        shades[known] = np.rint(SHADES * full[known]).astype(np.int64)
        return shades

    def _range_of(
        self, place: LayerPlace, data: Data | None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """From empty to full, for each drawn neuron of a layer."""
        known = self._ranges.get(place.id)
        if known is not None and known[0] is data:
            return known[1], known[2]
        count = len(place.units)
        if place.role == "input":
            low, high = np.full(count, -math.inf), np.full(count, math.inf)
            rows = [unit.index for unit in place.units]
            if data is not None and data.m and max(rows) < data.n:
                low, high = data.X[rows].min(axis=1), data.X[rows].max(axis=1)
        else:
            one, two = activation_range(activation_spec(place))
            low, high = np.full(count, one), np.full(count, two)
        self._ranges[place.id] = data, low, high
        return low, high

    # ---------------------------------------------------------------- painting

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        geometry = self._geometry
        if geometry is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixel = 1.0 / max(zoom_of(painter), 1e-6)
        radius = max(geometry.sizes.radius, LEAST * pixel)
        theme, points = self._theme, self._points
        self._dots(painter, points, theme.colour("neuron-outline"), radius + 0.5 * pixel)
        for number in np.unique(self._shades).tolist():
            fullness = None if number == UNKNOWN else math.nan if number == WRONG else number / SHADES
            here = [points[each] for each in np.flatnonzero(self._shades == number).tolist()]
            self._dots(painter, here, shade(theme, fullness)[0], radius - 0.3 * pixel)
        for unit in _marked(self._marks):
            place = geometry.unit(*unit)
            if place is not None:
                colour = "accent" if unit in self._marks.units else "active"
                painter.setPen(QPen(theme.colour(colour), 2.5 * theme.scale * pixel))
                reach = radius + 4 * pixel
                painter.drawEllipse(place.centre, reach, reach)

    def _dots(self, painter: QPainter, points: list[QPointF], colour: QColor, radius: float) -> None:
        pen = QPen(colour, 2 * radius)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(points)


def _marked(marks: Marks) -> frozenset[Unit]:
    focus = marks.focus
    own = frozenset({focus.unit} if focus.kind in {Kind.UNIT, Kind.BIAS} else ())
    return marks.units | marks.hovered_units | marks.hovered_biases | own
