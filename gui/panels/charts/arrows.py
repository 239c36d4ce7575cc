"""Arrows in a chart: a vector at each of many points, with heads that keep their shape on the screen."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from engine.core.plan import Array
from gui.panels.charts.chart import Chart, pen
from gui.theme import Theme

LONGEST = 26
"""Pixels (at scale 1) of an arrow that is drawn as long as any."""
SHORTEST = 1.5
"""What is shorter is not drawn."""
USUAL = 90
"""The per cent of the arrows that are shorter than the longest; the others are cut to it."""
HEAD = 0.34
"""The head's strokes against the shaft."""
SPREAD = 0.42
"""The angle between shaft and stroke."""


class Arrows:
    """One curve item. Lengths are relative to each other: the largest vectors are ``LONGEST``."""

    def __init__(self, chart: Chart, depth: float, colour: str) -> None:
        self.chart = chart
        self._colour = colour
        self.item = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self.item.setZValue(depth)
        chart.addItem(self.item, ignoreBounds=True)
        self.restyle(chart.theme)

    def restyle(self, theme: Theme) -> None:
        """Another colour or width."""
        self.item.setPen(pen(theme, self._colour, 1.25 * theme.scale))

    def set(self, places: Array, vectors: Array) -> None:
        """Vectors (2, m) at places (2, m); none for empty arrays."""
        across, up = self.chart.pixel()
        u, v = vectors[0] / across, vectors[1] / up
        size = np.hypot(vectors[0], vectors[1])
        good = np.isfinite(places).all(axis=0) & np.isfinite(size) & (size > 0)
        if not good.any():
            self.item.setData([], [], connect="pairs")
            return
        usual = max(float(np.percentile(size[good], USUAL)), 1e-300)
        seen = np.hypot(u, v)
        length = self.chart.theme.px(LONGEST) * np.minimum(size / usual, 1.0)
        good &= length >= SHORTEST
        x, y = places[:, good]
        share = length[good] / seen[good]
        u, v = u[good] * share, v[good] * share
        tip_x, tip_y = x + u * across, y + v * up
        xs, ys = [x, tip_x], [y, tip_y]
        for turn in (np.pi - SPREAD, np.pi + SPREAD):
            back_u, back_v = u * np.cos(turn) - v * np.sin(turn), u * np.sin(turn) + v * np.cos(turn)
            xs += [tip_x, tip_x + HEAD * back_u * across]
            ys += [tip_y, tip_y + HEAD * back_v * up]
        self.item.setData(
            np.stack(xs, axis=1).ravel(), np.stack(ys, axis=1).ravel(), connect="pairs", skipFiniteCheck=True
        )

    @property
    def shafts(self) -> tuple[Array, Array]:
        """Where the arrows begin and where they end, (2, m) each."""
        x, y = self.item.getData()
        if x is None or not len(x):
            return np.zeros((2, 0)), np.zeros((2, 0))
        return np.stack([x[::6], y[::6]]), np.stack([x[1::6], y[1::6]])
