"""Two charts of a classifier: its ROC curves, and how right it is where it is how sure."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.decisions import Calibration, Decisions
from gui.panels.charts.chart import Chart, pen
from gui.theme import Theme

STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
MOST_CURVES = 12


class RocChart(Chart):
    """True positives over false positives; a curve a class, told apart by colour and by dashes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._chance = pg.PlotCurveItem([0.0, 1.0], [0.0, 1.0])
        self._curves = [pg.PlotCurveItem() for _ in range(MOST_CURVES)]
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("ROC curve"))
        for item in (self._chance, *self._curves):
            self.addItem(item, ignoreBounds=True)
        self.label("bottom", self.tr("false positives"))
        self.label("up", self.tr("true positives"))
        self.show_range(-0.02, 1.02, -0.02, 1.12)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._chance.setPen(pen(theme, "outline", 1, Qt.PenStyle.DashLine))
        for number, curve in enumerate(self._curves):
            ink = theme.class_colour(number)
            curve.setPen(pen(theme, ink, 2 * theme.scale, STYLES[number // 6 % len(STYLES)]))

    def show_decisions(self, found: Decisions) -> None:
        """Other curves; of two classes only that of the second."""
        one = len(found.curves) == 1
        for number, item in enumerate(self._curves):
            which = number - 1 if one else number
            if 0 <= which < len(found.curves):
                curve = found.curves[which]
                item.setData(curve.false_positive_rate, curve.true_positive_rate)
            else:
                item.setData([], [])


class CalibrationChart(Chart):
    """A bar for each bin of sureness, as high as its share of right answers; the diagonal would be honest."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._honest = pg.PlotCurveItem([0.0, 1.0], [0.0, 1.0])
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.08)
        self._points = pg.ScatterPlotItem(pxMode=True)
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Calibration"))
        for item in (self._bars, self._honest, self._points):
            self.addItem(item, ignoreBounds=True)
        self.label("bottom", self.tr("how sure"))
        self.label("up", self.tr("share right"))
        self.show_range(-0.02, 1.02, 0.0, 1.12)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._honest.setPen(pen(theme, "outline", 1, Qt.PenStyle.DashLine))
        self._bars.setOpts(pen=pen(theme, "outline"), brush=theme.colour("neuron-fill-high", 0.6))
        self._points.setBrush(pg.mkBrush(theme.colour("active")))
        self._points.setPen(pen(theme, "panel"))
        self._points.setSize(theme.px(9))

    def show_calibration(self, found: Calibration) -> None:
        """Other bins; an empty one has no bar."""
        there = found.counts > 0
        middles = (np.arange(len(found.counts)) + 0.5) / len(found.counts)
        self._bars.setOpts(x=middles[there], height=found.right[there], width=0.08)
        self._points.setData(found.sure[there], found.right[there])
