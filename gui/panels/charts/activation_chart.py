"""The charts of an activation function: g and g′ over z, or the shares of a softmax."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.activations import Activation
from engine.core.plan import Array
from gui.panels.charts.chart import CACHED, Chart, pen
from gui.panels.charts.decimation import steps_above
from gui.theme import Theme

REACH = 6.0
"""z is shown at least from −6 to 6."""
SAMPLES = 401
TANGENT = 1.6
"""Half the width of the tangent, as z."""
BARS = 41


class ActivationChart(Chart):
    """g and g′ with the present z on both, the tangent, and where the batch's z lie."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._zero = pg.InfiniteLine(pos=0, angle=90)
        self._level = pg.InfiniteLine(pos=0, angle=0)
        self._spread = pg.PlotCurveItem([0.0, 1.0], [0.0], stepMode="center", fillLevel=0.0)
        self._slope, self._value = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._tangent, self._stem = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._dots = pg.ScatterPlotItem(pxMode=True)
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Activation g and its derivative"))
        for item in (
            self._spread, self._zero, self._level, self._stem,
            self._slope, self._value, self._tangent, self._dots,
        ):  # fmt: skip
            self.addItem(item, ignoreBounds=True)
        for item in (self._value, self._slope):
            item.setCacheMode(CACHED)
        self.label("bottom", "z")
        self._g: Activation | None = None
        self._reach = REACH
        self._band = (0.0, 1.0)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._zero.setPen(pen(theme, "canvas-grid"))
        self._level.setPen(pen(theme, "canvas-grid"))
        self._value.setPen(pen(theme, "text", 2 * theme.scale))
        self._slope.setPen(pen(theme, "gradient", 2 * theme.scale, Qt.PenStyle.DashLine))
        self._tangent.setPen(pen(theme, "step", 2 * theme.scale))
        self._stem.setPen(pen(theme, "active", 1, Qt.PenStyle.DotLine))
        self._spread.setPen(pen(theme, theme.colour("outline", 0.6)))
        self._spread.setBrush(pg.mkBrush(theme.colour("outline", 0.3)))
        self._dots.setPen(pen(theme, "panel"))

    def set_function(self, g: Activation) -> None:
        """Another activation function."""
        if g != self._g:
            self._g = g
            self.label("top", g.title)
            self._reach = REACH
            self._draw_curves()

    def show_z(self, z: float | None) -> None:
        """The dot on both curves and the tangent; ``None`` if z is not known."""
        g = self._g
        if g is None or z is None or not math.isfinite(z):
            self._tangent.setData([], [])
            self._stem.setData([], [])
            self._dots.setData([], [])
            return
        reach = max(REACH, steps_above(1.05 * abs(z)))
        if reach > self._reach or reach < 0.5 * self._reach:
            self._reach = reach
            self._draw_curves()
        here = np.array([z])
        a, slope = float(g.value(here)[0]), float(g.derivative(here)[0])
        half = TANGENT * self._reach / REACH
        ends = np.array([z - half, z + half])
        self._tangent.setData(ends, a + slope * (ends - z))
        self._stem.setData(np.array([z, z]), np.array(self._band))
        theme = self.theme
        self._dots.setData(
            [z, z], [a, slope], size=theme.px(10), symbol=["o", "d"],
            brush=[pg.mkBrush(theme.colour("active")), pg.mkBrush(theme.colour("gradient"))],
        )  # fmt: skip

    def show_spread(self, z: Array) -> None:
        """How the z of the data are spread, as a small histogram along the bottom."""
        z = z[np.isfinite(z)]
        if not len(z):
            self._spread.setData([0.0, 1.0], [0.0])
            return
        counts, edges = np.histogram(z, bins=BARS, range=(-self._reach, self._reach))
        bottom, top = self._band
        heights = bottom + counts * (0.22 * (top - bottom) / max(1, counts.max()))
        self._spread.setData(edges, heights, fillLevel=bottom)

    def _draw_curves(self) -> None:
        assert self._g is not None
        z = np.linspace(-self._reach, self._reach, SAMPLES)
        a, slope = self._g.value(z), self._g.derivative(z)
        both = np.concatenate([a, slope])
        low, high = min(0.0, float(both.min())), max(1.0, float(both.max()))
        margin = 0.12 * (high - low)
        self._band = (low - margin, high + 1.7 * margin)
        self.show_range(-self._reach, self._reach, *self._band)
        self._value.setData(z, a)
        self._slope.setData(z, slope)
        self._spread.setData([0.0, 1.0], [self._band[0]], fillLevel=self._band[0])


class SharesChart(Chart):
    """The shares of a softmax as bars, one a unit; they add up to one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._bars, self._chosen = (
            pg.BarGraphItem(x=[], height=[], width=0.7),
            pg.BarGraphItem(x=[], height=[], width=0.7),
        )
        self._names: list[str] = []
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Shares of the softmax"))
        self.addItem(self._bars, ignoreBounds=True)
        self.addItem(self._chosen, ignoreBounds=True)
        self.label("left", self.tr("share a"))

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        for bars, colour in ((self._bars, "neuron-fill-high"), (self._chosen, "active")):
            bars.setOpts(pen=pen(theme, "outline"), brush=theme.colour(colour))

    def show_shares(self, shares: Array, chosen: int, names: list[str]) -> None:
        """One bar a unit; the chosen one stands out."""
        x = np.arange(len(shares))
        if names != self._names:
            self._names = names
            self.getPlotItem().getAxis("bottom").setTicks([list(enumerate(names))])
        self.show_range(-0.6, len(shares) - 0.4, 0.0, 1.05)
        rest = x != chosen
        self._bars.setOpts(x=x[rest], height=shares[rest], width=0.7)
        self._chosen.setOpts(x=x[~rest], height=shares[~rest], width=0.7)
