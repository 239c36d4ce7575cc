"""The chart of a sweep: J of every run, those that reached the goal apart from the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.sweep import SweepRun
from gui.panels.charts.chart import Chart, pen
from gui.panels.charts.decimation import steps_above
from gui.theme import Theme

REACH = 12
"""Pixels (at scale 1) within which a curve is under the mouse."""
TINY = 1e-300


class SweepChart(Chart):
    """One item holds all curves of a kind, so that hundreds are drawn as quickly as one."""

    looked_at = Signal(object)
    """The number of the run under the mouse, or ``None``."""
    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._failed, self._reached = pg.PlotCurveItem(connect="finite"), pg.PlotCurveItem(connect="finite")
        self._one = pg.PlotCurveItem()
        self._runs: tuple[SweepRun, ...] = ()
        self._log = False
        self._top = 0.0
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("J of every run"))
        for depth, item in enumerate((self._failed, self._reached, self._one)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self.label("bottom", self.tr("update"))
        self.label("left", "J")
        self.hovered.connect(self._look)
        self.clicked.connect(self._pick)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._reached.setPen(pen(theme, theme.colour("accent", 0.55)))
        self._failed.setPen(pen(theme, theme.colour("error", 0.6), 1, Qt.PenStyle.DashLine))
        self._one.setPen(pen(theme, "active", 2 * theme.scale))

    def set_log(self, log: bool) -> None:
        """Whether J is shown by its powers of ten."""
        self._log = log
        self.getPlotItem().getAxis("left").setLogMode(x=False, y=log)
        self.show_runs(self._runs)

    def show_runs(self, runs: Sequence[SweepRun]) -> None:
        """Other or more curves."""
        self._runs = tuple(runs)
        self._reached.setData(*self._joined([each for each in runs if each.success]), connect="finite")
        self._failed.setData(*self._joined([each for each in runs if not each.success]), connect="finite")
        self.mark(None)
        costs = [each.costs[np.isfinite(each.costs)] for each in runs]
        values = np.concatenate(costs) if costs else np.zeros(0)
        right = max((int(each.steps[-1]) for each in runs if len(each.steps)), default=1)
        if not len(values):
            return
        if self._log:
            low, high = np.log10(np.maximum([values.min(), values.max()], TINY))
            self.show_range(0, 1.02 * right, np.floor(low), np.ceil(high) + (np.ceil(high) == np.floor(low)))
        else:
            self.show_range(
                0, 1.02 * right, 0.0, steps_above(1.05 * float(np.percentile(values, 99.5)) or 1.0)
            )

    def mark(self, number: int | None) -> None:
        """Make one curve stand out."""
        if number is None or number >= len(self._runs):
            self._one.setData([], [])
        else:
            run = self._runs[number]
            self._one.setData(run.steps, self._shown(run.costs))

    def _shown(self, costs: np.ndarray) -> np.ndarray:
        return np.log10(np.maximum(costs, TINY)) if self._log else costs

    def _joined(self, runs: Sequence[SweepRun]) -> tuple[np.ndarray, np.ndarray]:
        """All curves one after the other, with a gap behind each."""
        gap = np.array([np.nan])
        x = [part for each in runs for part in (each.steps.astype(float), gap)]
        y = [part for each in runs for part in (self._shown(each.costs), gap)]
        return (np.concatenate(x), np.concatenate(y)) if x else (np.zeros(0), np.zeros(0))

    def near(self, x: float, y: float) -> int | None:
        """The number of the run whose curve is nearest to a place, if one is near."""
        _, height = self.pixel()
        best, found = self.theme.px(REACH) * height, None
        for number, run in enumerate(self._runs):
            if not len(run.steps) or x > run.steps[-1]:
                continue
            away = abs(float(np.interp(x, run.steps, self._shown(run.costs))) - y)
            if away < best:
                best, found = away, number
        return found

    def _look(self, point: QPointF | None) -> None:
        number = None if point is None else self.near(point.x(), point.y())
        self.mark(number)
        self.looked_at.emit(number)

    def _pick(self, x: float, y: float) -> None:
        number = self.near(x, y)
        if number is not None:
            self.picked.emit(number)
