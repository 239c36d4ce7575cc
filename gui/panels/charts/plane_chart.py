"""The chart of the plane of two inputs: the prediction as a picture, its decision line, the data."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsPixmapItem, QWidget

from engine.core.plan import Array
from gui.panels.charts.chart import Chart, pen
from gui.panels.charts.contour import decision_line
from gui.panels.charts.points import Points
from gui.panels.plane import Plane
from gui.theme import Theme


class PlaneChart(Chart):
    """A picture of the plane with a line and points over it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._line = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self._colour = "text"
        self._picture = QGraphicsPixmapItem()
        self._picture.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._picture.setZValue(-10)
        self._line.setZValue(5)
        self.points: Points | None = None
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Boundary and data"))
        self.addItem(self._picture, ignoreBounds=True)
        self.addItem(self._line, ignoreBounds=True)
        self.points = Points(self)
        self._plane: Plane | None = None

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._line.setPen(pen(theme, self._colour, 2 * theme.scale))
        if self.points is not None:
            self.points.restyle(theme)

    def set_plane(self, plane: Plane) -> None:
        """Other axes, ranges or a finer grid."""
        self._plane = plane
        (left, right), (bottom, top) = plane.ranges
        across, up = plane.cell
        self.show_range(left, right, bottom, top)
        self._picture.setTransform(QTransform(across, 0, 0, up, left, bottom))
        features = plane.data.features
        self.label("bottom", features[plane.axes[0]])
        self.label("up", features[plane.axes[1]])

    def show_picture(self, colours: Array) -> None:
        """(rows, columns, 4) of red, green, blue and opacity; row 0 is at the bottom."""
        pixels = np.ascontiguousarray(colours)
        rows, columns = pixels.shape[:2]
        image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        self._picture.setPixmap(QPixmap.fromImage(image))

    def forget(self) -> None:
        """Nothing is known of the plane."""
        self._picture.setPixmap(QPixmap())
        self._line.setData([], [])

    def show_lines(self, surfaces: list[tuple[Array, float]], colour: str = "text") -> None:
        """Where each surface (rows, columns) crosses its level."""
        if colour != self._colour:
            self._colour = colour
            self._line.setPen(pen(self.theme, colour, 2 * self.theme.scale))
        assert self._plane is not None
        (left, _), (bottom, _) = self._plane.ranges
        across, up = self._plane.cell
        found = [decision_line(surface, level) for surface, level in surfaces]
        x = np.concatenate([each for each, _ in found]) if found else np.zeros(0)
        y = np.concatenate([each for _, each in found]) if found else np.zeros(0)
        self._line.setData(left + (x + 0.5) * across, bottom + (y + 0.5) * up, connect="pairs")

    @property
    def line(self) -> tuple[Array, Array]:
        """The decision line's pieces, in pairs of points."""
        x, y = self._line.getData()
        return (np.zeros(0), np.zeros(0)) if x is None else (x, y)
