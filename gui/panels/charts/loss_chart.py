"""The chart of J over the updates."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget

from engine.core.plan import Array
from engine.curve import Curve
from gui.panels.charts.chart import Chart, pen
from gui.panels.charts.decimation import Decimation, steps_above
from gui.panels.charts.run_lines import TINY, RunLine, RunLines
from gui.theme import Theme

WIDE = 800
"""With fewer points than this the present run stands out by a line of width 2, which is slow to draw."""


class LossChart(Chart):
    """J of every update, and the other runs; what lies after the present update is faint.

    Ranges grow in steps.
    """

    looked_at = Signal(object)
    """The update under the mouse; ``None`` when there is none."""
    sought = Signal(int)
    """An update was clicked."""
    run_sought = Signal(int, int)
    """The line of another run was clicked: its number, and the update."""
    asked = Signal(object, int, QPoint)
    """A menu is wanted: the number of the run or ``None`` for the present one, the update, and where."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._bins = Decimation()
        self._start, self._present, self._batches = 0, 0, 1
        self._curve: Array = np.zeros(0)
        self._of: Curve | None = None
        self._log = self._stale = False
        self._right = self._top = 0.0
        self._past, self._future = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._now = pg.InfiniteLine(angle=90)
        self._spot = pg.ScatterPlotItem(size=9, pxMode=True)
        self.others: RunLines | None = None
        self._name = ""
        super().__init__(theme, "", parent)
        self.others = RunLines(self)
        self.setAccessibleName(self.tr("Loss J over the updates"))
        for item in (self._future, self._past, self._now, self._spot):
            self.addItem(item, ignoreBounds=True)
        self.label("bottom", self.tr("update"))
        self.label("left", "J")
        self.hovered.connect(self._look)
        self.clicked.connect(self._click)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._past.setPen(pen(theme, "text"))
        self._future.setPen(pen(theme, "outline"))
        self._now.setPen(pen(theme, "active", 1, Qt.PenStyle.DashLine))
        self._spot.setPen(pen(theme, "active", 2))
        self._spot.setBrush(pg.mkBrush(theme.colour("panel")))
        self._spot.setSize(theme.px(9))
        if self.others is not None:
            self.others.restyle(theme)

    def set_log(self, log: bool) -> None:
        """Whether J is shown by its powers of ten."""
        self._log, self._stale = log, True
        self.getPlotItem().getAxis("left").setLogMode(x=False, y=log)

    def show_curve(self, curve: Curve, present: int, batches: int = 1) -> None:
        """Follow the curve; ``present`` is the update that comes next."""
        self._curve = curve.values
        if curve is not self._of:
            self._of = curve
            self._bins.clear()
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

    def show_others(self, name: str, lines: Sequence[RunLine]) -> None:
        """The other runs beside the present one, which is called ``name``."""
        assert self.others is not None
        if self.others.show(lines, self._log) or name != self._name:
            self._name = name
            self._right = self._top = 0.0
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
        strong = self.others is not None and self.others.lines and len(x) <= WIDE
        ink = pen(self.theme, "text", self.theme.px(2) if strong else 1)
        if ink != self._past.opts["pen"]:
            self._past.setPen(ink)
        self._past.setData(x[:split], y[:split], skipFiniteCheck=True)
        self._future.setData(x[max(0, split - 1) :], y[max(0, split - 1) :], skipFiniteCheck=True)
        self._now.setPos(self._present)
        self._stretch()
        if self.others is not None:
            last = len(self._curve) - 1
            self.others.follow(self._name, self._start + last, self.value(self._start + last))

    def _stretch(self) -> None:
        """Fixed ranges, stretched in steps: a range of its own every frame costs as much as the curve."""
        others = self.others
        assert others is not None
        end = max(self._start + len(self._curve), self._present, self._start + 10, others.end)
        if end > self._right or end < self._right / 3:
            self._right = self._start + steps_above(1.1 * (end - self._start))
        top = max(self._bins.top, others.top)
        if top > self._top or top < self._top / 3:
            self._top = steps_above(1.05 * top)
        if self._log:
            bottom = min(self._bins.bottom or math.inf, others.bottom)
            low = math.floor(math.log10(max(bottom, TINY))) if math.isfinite(bottom) else -1
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
        assert self.others is not None
        self.others.look_at(update)
        if update is None or value is None:
            self._spot.setData([], [])
            self.looked_at.emit(None)
            return
        shown = math.log10(max(value, TINY)) if self._log else value
        self._spot.setData([update], [shown])
        self.looked_at.emit(update)

    def _run_at(self, x: float, y: float) -> int | None:
        """The number of the other run whose line is nearer to a point than the present one's, if near."""
        assert self.others is not None
        own = self.others.distance(self._curve, self._start, x, y)
        line = self.others.at(x, y, own)
        return None if line is None else line.number

    def _click(self, x: float, y: float) -> None:
        run = self._run_at(x, y)
        if run is None:
            self.sought.emit(round(x))
        elif not self.asks:
            self.run_sought.emit(run, round(x))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = self.view.mapSceneToView(self.mapToScene(event.pos()))
        self.asked.emit(self._run_at(point.x(), point.y()), round(point.x()), event.globalPos())
        event.accept()
