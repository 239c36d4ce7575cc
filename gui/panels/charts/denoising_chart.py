"""The chart of a diffusion on points of the plane: samples on their way, the data, the predicted noise."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from engine.core.plan import Array
from gui.panels.charts.arrows import Arrows
from gui.panels.charts.chart import CACHED, Chart, pen
from gui.theme import Theme


class DenoisingChart(Chart):
    """Arrows stand on a grid; they point against the noise, the way in which it is taken away."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._data, self._samples = pg.ScatterPlotItem(pxMode=True), pg.ScatterPlotItem(pxMode=True)
        self.arrows: Arrows | None = None
        self.shown: Array = np.zeros((2, 0))
        """The samples where they are drawn."""
        self._real: Array = np.zeros((2, 0))
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Samples on their way from noise to the data"))
        self._data.setCacheMode(CACHED)
        for depth, item in ((1, self._data), (10, self._samples)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self.arrows = Arrows(self, 5, "text-muted")

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        if self.arrows is not None:
            self.arrows.restyle(theme)
            self.show_data(self._real)
            self.show_samples(self.shown)

    def show_data(self, real: Array) -> None:
        """The examples of the data, (2, m), faint."""
        self._real = real
        self._data.setData(
            *real, size=self.theme.px(5), pen=None, symbol="s",
            brush=pg.mkBrush(self.theme.colour("class-1", 0.45)),
        )  # fmt: skip

    def show_samples(self, samples: Array) -> None:
        """The samples, (2, m); what is no number is not shown."""
        self.shown = samples[:, np.isfinite(samples).all(axis=0)]
        self._samples.setData(
            *self.shown, size=self.theme.px(8), symbol="o", pen=pen(self.theme, "panel"),
            brush=pg.mkBrush(self.theme.colour("class-0")),
        )  # fmt: skip
