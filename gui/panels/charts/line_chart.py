"""The chart for one input: every output as a curve over x, with the data's points."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from engine.core.plan import Array
from gui.panels.charts.chart import Chart, pen
from gui.panels.charts.decimation import steps_above
from gui.panels.charts.points import Points
from gui.panels.plane import Plane
from gui.theme import Theme

MOST_LINES = 6


class LineChart(Chart):
    """Curves over one feature."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._lines: list[pg.PlotCurveItem] = []
        self.points: Points | None = None
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Prediction over the input, and data"))
        for _ in range(MOST_LINES):
            line = pg.PlotCurveItem(skipFiniteCheck=False)
            line.setZValue(5)
            self._lines.append(line)
            self.addItem(line, ignoreBounds=True)
        self.points = Points(self)
        self._plane: Plane | None = None
        self._band = (0.0, 1.0)
        self._of_classes = False
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._ink()
        if self.points is not None:
            self.points.restyle(theme)

    def set_plane(self, plane: Plane, low: float, high: float) -> None:
        """Another feature or other ranges; ``low`` and ``high`` are the targets' ends."""
        self._plane = plane
        margin = 0.1 * ((high - low) or 1.0)
        self._band = (low - margin, high + margin)
        self.label("bottom", plane.data.features[plane.axes[0]])
        self._stretch()

    def show_curves(self, values: Array, of_classes: bool = False, name: str = "a") -> None:
        """(k, columns): one curve an output."""
        assert self._plane is not None
        if of_classes != self._of_classes:
            self._of_classes = of_classes
            self._ink()
        self.label("left", name)
        x = self._plane.X[self._plane.axes[0]]
        for number, line in enumerate(self._lines):
            if number < len(values):
                line.setData(x, values[number])
            else:
                line.setData([], [])
        low, high = self._band
        finite = values[np.isfinite(values)]
        if len(finite) and (finite.min() < low or finite.max() > high):
            bottom, top = float(finite.min()), float(finite.max())
            self._band = (
                min(low, -steps_above(-bottom) if bottom < 0 else low),
                max(high, steps_above(top) if top > 0 else high),
            )
        self._stretch()

    def forget(self) -> None:
        """Nothing is known."""
        for line in self._lines:
            line.setData([], [])

    def _stretch(self) -> None:
        assert self._plane is not None
        self.show_range(*self._plane.ranges[0], *self._band)

    def _ink(self) -> None:
        for number, line in enumerate(self._lines):
            line.setPen(pen(self.theme, self.theme.class_colour(number) if self._of_classes else "text"))
