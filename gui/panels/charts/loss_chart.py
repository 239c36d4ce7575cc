"""The chart of J over the updates."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.core.plan import Array
from engine.curve import Curve
from gui.panels.charts.chart import Chart, pen
from gui.panels.charts.decimation import Decimation, steps_above
from gui.theme import Theme

TINY = 1e-300


class LossChart(Chart):
    """J of every update; what lies after the present update is faint. Ranges grow in steps."""

    looked_at = Signal(object)
    """The update under the mouse; ``None`` when there is none."""
    sought = Signal(int)
    """An update was clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._bins = Decimation()
        self._start, self._present, self._batches = 0, 0, 1
        self._curve: Array = np.zeros(0)
        self._log = self._stale = False
        self._right = self._top = 0.0
        self._past, self._future = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._now = pg.InfiniteLine(angle=90)
        self._spot = pg.ScatterPlotItem(size=9, pxMode=True)
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Loss J over the updates"))
        for item in (self._future, self._past, self._now, self._spot):
            self.addItem(item, ignoreBounds=True)
        self.label("bottom", self.tr("update"))
        self.label("left", "J")
        self.hovered.connect(self._look)
        self.clicked.connect(lambda x, _: self.sought.emit(round(x)))

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._past.setPen(pen(theme, "text"))
        self._future.setPen(pen(theme, "outline"))
        self._now.setPen(pen(theme, "active", 1, Qt.PenStyle.DashLine))
        self._spot.setPen(pen(theme, "active", 2))
        self._spot.setBrush(pg.mkBrush(theme.colour("panel")))
        self._spot.setSize(theme.px(9))

    def set_log(self, log: bool) -> None:
        """Whether J is shown by its powers of ten."""
        self._log, self._stale = log, True
        self.getPlotItem().getAxis("left").setLogMode(x=False, y=log)

    def show_curve(self, curve: Curve, present: int, batches: int = 1) -> None:
        """Follow the curve; ``present`` is the update that comes next."""
        self._curve = curve.values
        if curve.start != self._start:
            self._bins.clear()
            self._right = self._top = 0.0
        if len(self._curve) < self._bins.length:
            self._right = self._top = 0.0
        self._start = curve.start
        new = self._bins.follow(self._curve)
        if not (new or self._stale or present != self._present or batches != self._batches):
            return
        self._stale = False
        self._present, self._batches = present, batches
        self._draw()

    def value(self, update: int) -> float | None:
        """J of an update, if it is known."""
        place = update - self._start
        return float(self._curve[place]) if 0 <= place < len(self._curve) else None

    @property
    def points(self) -> tuple[Array, Array]:
        """The line that is drawn, past and future."""
        return self._bins.lines(self._start)

    def _draw(self) -> None:
        x, y = self.points
        if self._log:
            y = np.log10(np.maximum(y, TINY))
        split = int(np.searchsorted(x, self._present, side="right"))
        self._past.setData(x[:split], y[:split], skipFiniteCheck=True)
        self._future.setData(x[max(0, split - 1) :], y[max(0, split - 1) :], skipFiniteCheck=True)
        self._now.setPos(self._present)
        self._stretch()

    def _stretch(self) -> None:
        """Fixed ranges, stretched in steps: a range of its own every frame costs as much as the curve."""
        end = max(self._start + len(self._curve), self._present, self._start + 10)
        if end > self._right or end < self._right / 3:
            self._right = self._start + steps_above(1.1 * (end - self._start))
        top = self._bins.top
        if top > self._top or top < self._top / 3:
            self._top = steps_above(1.05 * top)
        if self._log:
            low = math.floor(math.log10(max(self._bins.bottom, TINY))) if self._bins.length else -1
            high = math.log10(max(self._top, TINY))
            self.show_range(self._start, self._right, min(low, math.floor(high - 1e-9)), high + 0.05)
        else:
            top = self._top or 1.0
            self.show_range(self._start, self._right, -0.03 * top, top)
        self._epochs()

    def _epochs(self) -> None:
        """A second axis for the epochs where an epoch has several updates."""
        axis = self.getPlotItem().getAxis("top")
        several = self._batches > 1 and self.height() >= self.theme.px(130)
        if axis.isVisible() != several:
            self.getPlotItem().showAxis("top", several)
            self.label("top", self.tr("epoch") if several else "")
        if not several:
            return
        first, last = self._start / self._batches, self._right / self._batches
        step = max(1, round(steps_above((last - first) / 10)))
        numbers = range(math.ceil(first / step) * step, math.floor(last) + 1, step)
        axis.setTicks([[(number * self._batches, str(number)) for number in numbers]])

    def _look(self, point: QPointF | None) -> None:
        update = None if point is None else round(point.x())
        value = None if update is None else self.value(update)
        if update is None or value is None:
            self._spot.setData([], [])
            self.looked_at.emit(None)
            return
        shown = math.log10(max(value, TINY)) if self._log else value
        self._spot.setData([update], [shown])
        self.looked_at.emit(update)
