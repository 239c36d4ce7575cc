"""The chart of a gradient check: for every weight ∂J/∂w by the backward phase over that by nudging."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.nudging import Compared
from gui.panels.charts.chart import Chart, pen
from gui.panels.charts.decimation import steps_above
from gui.theme import Theme

REACH = 14
"""Pixels (at scale 1) within which a point is under the mouse."""
SYMBOLS = {"agrees": "o", "kink": "s", "wrong": "x"}


class CheckChart(Chart):
    """What agrees lies on the diagonal. What does not has another shape, not only another colour."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._diagonal = pg.PlotCurveItem()
        self._lines = [pg.InfiniteLine(pos=0, angle=angle) for angle in (0, 90)]
        self._points = pg.ScatterPlotItem(pxMode=True)
        self._mark = pg.ScatterPlotItem(pxMode=True)
        self._x = self._y = np.zeros(0)
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Gradients by the backward phase and by nudging"))
        for depth, item in enumerate((*self._lines, self._diagonal, self._mark, self._points)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self.label("bottom", self.tr("∂J/∂w by the backward phase"))
        self.label("up", self.tr("by nudging"))

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        for line in self._lines:
            line.setPen(pen(theme, "canvas-grid"))
        self._diagonal.setPen(pen(theme, "outline", 1, Qt.PenStyle.DashLine))
        self._mark.setPen(pen(theme, "active", 2 * theme.scale))
        self._mark.setBrush(pg.mkBrush(None))
        self._mark.setSize(theme.px(17))

    def show_found(self, found: tuple[Compared, ...]) -> None:
        """The points; both axes have the same range, so that the diagonal is one."""
        self._x = np.array([each.backward for each in found])
        self._y = np.array([each.nudged for each in found])
        both = np.concatenate([self._x, self._y])
        both = both[np.isfinite(both)]
        reach = steps_above(1.1 * float(np.abs(both).max())) if len(both) and both.any() else 1.0
        self.show_range(-reach, reach, -reach, reach)
        self._diagonal.setData([-reach, reach], [-reach, reach])
        theme = self.theme
        looks = {
            "agrees": (pg.mkBrush(theme.colour("gradient")), pen(theme, "panel")),
            "kink": (pg.mkBrush(theme.colour("panel")), pen(theme, "text", 1.5 * theme.scale)),
            "wrong": (pg.mkBrush(theme.colour("error")), pen(theme, "error", 1.5 * theme.scale)),
        }
        verdicts = [verdict(each) for each in found]
        self._points.setData(
            self._x, self._y, size=theme.px(9), symbol=[SYMBOLS[each] for each in verdicts],
            brush=[looks[each][0] for each in verdicts], pen=[looks[each][1] for each in verdicts],
        )  # fmt: skip
        self.mark(None)

    def mark(self, number: int | None) -> None:
        """Ring one of the points."""
        self._mark.setData(
            [] if number is None else [self._x[number]], [] if number is None else [self._y[number]]
        )

    def near(self, x: float, y: float) -> int | None:
        """The number of the point nearest to a place, if one is near."""
        if not len(self._x):
            return None
        width, height = self.pixel()
        far = np.hypot((self._x - x) / width, (self._y - y) / height)
        if not np.isfinite(far).any():
            return None
        nearest = int(np.nanargmin(far))
        return nearest if far[nearest] <= self.theme.px(REACH) else None


def verdict(compared: Compared) -> str:
    """Whether a parameter agrees, lies at a kink, or is wrong."""
    return "agrees" if compared.agrees else "kink" if compared.kink else "wrong"
