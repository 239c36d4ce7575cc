"""The data's points in a chart: class colour and shape, rings round wrong ones, the chosen one."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from engine.core.plan import Array
from gui.panels.charts.chart import CACHED, Chart, pen
from gui.panels.charts.markers import marker, size_for
from gui.theme import Theme

REACH = 14
"""Pixels (at scale 1) within which a point is under the mouse."""


class Points:
    """Three scatter plots in a chart; only what changed is set anew."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.items = pg.ScatterPlotItem(pxMode=True)
        self.rings = pg.ScatterPlotItem(pxMode=True)
        self.chosen = pg.ScatterPlotItem(pxMode=True)
        for depth, item in enumerate((self.rings, self.items, self.chosen), 10):
            item.setZValue(depth)
            chart.addItem(item, ignoreBounds=True)
        self.items.setCacheMode(CACHED)
        self.x = self.y = np.zeros(0)
        self.classes: Array = np.zeros(0, np.int64)
        self._colours: list[QColor] | None = None
        self._wrong: Array = np.zeros(0, bool)
        self._example = -1

    def restyle(self, theme: Theme) -> None:
        """New colours and sizes."""
        self.set(self.x, self.y, self.classes, self._colours)

    def set(self, x: Array, y: Array, classes: Array, colours: list[QColor] | None = None) -> None:
        """Show these points; ``colours`` (one a point) replace the colours of the classes."""
        self.x, self.y, self.classes, self._colours = x, y, classes, colours
        theme, example = self.chart.theme, self._example
        size = theme.px(size_for(len(x)))
        few = [theme.class_colour(number) for number in range(6)]
        inks = colours if colours is not None else [few[number % 6] for number in classes]
        brushes = {ink.rgba(): pg.mkBrush(ink) for ink in inks}
        self.items.setData(
            x, y, size=size, pen=pen(theme, "outline" if colours is not None else "panel"),
            symbol=[marker(number) for number in classes], brush=[brushes[ink.rgba()] for ink in inks],
        )  # fmt: skip
        self._wrong, self._example = np.zeros(0, bool), -1
        self.rings.setData([], [])
        self.choose(example)

    def judge(self, wrong: Array) -> None:
        """Ring the points that are predicted wrong."""
        if np.array_equal(wrong, self._wrong):
            return
        self._wrong = wrong.copy()
        theme = self.chart.theme
        at = np.nonzero(wrong[: len(self.x)])[0]
        self.rings.setData(
            self.x[at], self.y[at], size=theme.px(size_for(len(self.x)) + 8), symbol="o",
            pen=pen(theme, "error", 1.5 * theme.scale), brush=None,
        )  # fmt: skip

    @property
    def wrong(self) -> int:
        """How many are ringed."""
        return int(self._wrong[: len(self.x)].sum())

    def choose(self, example: int) -> None:
        """Emphasise the chosen example."""
        if example == self._example:
            return
        self._example = example
        if not 0 <= example < len(self.x):
            self.chosen.setData([], [])
            return
        theme = self.chart.theme
        number = int(self.classes[example])
        ink = self._colours[example] if self._colours is not None else theme.class_colour(number)
        self.chosen.setData(
            [self.x[example]], [self.y[example]], size=theme.px(1.5 * size_for(len(self.x)) + 2),
            symbol=marker(number), pen=pen(theme, "active", 3 * theme.scale), brush=pg.mkBrush(ink),
        )  # fmt: skip

    def near(self, x: float, y: float) -> int | None:
        """The point under the mouse; the nearest if there are several."""
        if not len(self.x):
            return None
        width, height = self.chart.pixel()
        far = np.hypot((self.x - x) / width, (self.y - y) / height)
        nearest = int(far.argmin())
        return nearest if far[nearest] <= self.chart.theme.px(REACH) else None
