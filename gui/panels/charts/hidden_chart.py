"""The chart of a hidden layer: the examples where two of its units put them, and the grid of inputs bent."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from engine.core.plan import Array
from gui.panels.charts.chart import Chart, pen
from gui.panels.charts.decimation import steps_above
from gui.panels.charts.points import Points
from gui.theme import Theme


class HiddenChart(Chart):
    """Activations of two units as the two axes. Ranges grow in steps, so that nothing shakes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._grid = pg.PlotCurveItem(connect="finite")
        self._line = pg.PlotCurveItem()
        self.points: Points | None = None
        self._reach = (0.0, 0.0, 0.0, 0.0)
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("The examples as a hidden layer sees them"))
        for depth, item in enumerate((self._grid, self._line)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self.points = Points(self)
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._grid.setPen(pen(theme, "outline"))
        self._line.setPen(pen(theme, "text", 2 * theme.scale))
        if self.points is not None:
            self.points.restyle(theme)

    def begin_anew(self) -> None:
        """Other axes: the ranges begin anew."""
        self._reach = (0.0, 0.0, 0.0, 0.0)

    def show_spots(self, x: Array, y: Array, classes: Array) -> None:
        """Where the examples lie."""
        assert self.points is not None
        if len(x) and np.isfinite(x).all() and np.isfinite(y).all():
            self._stretch(x, y)
            self.points.set(x, y, classes)

    def show_grid(self, x: Array, y: Array) -> None:
        """The lines of the grid one after the other, with a nan between them."""
        self._grid.setData(x, y, connect="finite")

    def show_line(self, w: tuple[float, float] | None, b: float = 0.0) -> None:
        """Where w · a + b = 0; ``None`` for no line."""
        left, right, bottom, top = self._reach
        if w is None or not any(w) or not np.isfinite([*w, b]).all():
            self._line.setData([], [])
        elif abs(w[1]) * (top - bottom) > abs(w[0]) * (right - left):
            x = np.array([left, right])
            self._line.setData(x, -(w[0] * x + b) / w[1])
        else:
            y = np.array([bottom, top])
            self._line.setData(-(w[1] * y + b) / w[0], y)

    def _stretch(self, x: Array, y: Array) -> None:
        left, right = _stretched(x, *self._reach[:2])
        bottom, top = _stretched(y, *self._reach[2:])
        if (left, right, bottom, top) != self._reach:
            self._reach = left, right, bottom, top
            self.show_range(*self._reach)


def _stretched(values: Array, old_low: float, old_high: float) -> tuple[float, float]:
    """The old range while it fits; else one with a margin, in round numbers."""
    low, high = float(values.min()), float(values.max())
    margin = 0.15 * (high - low) or 0.5
    low, high = low - margin, high + margin
    fits = old_low <= low + 0.5 * margin and high - 0.5 * margin <= old_high
    if fits and high - low > (old_high - old_low) / 4:
        return old_low, old_high
    step = steps_above(high - low) / 10
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)
