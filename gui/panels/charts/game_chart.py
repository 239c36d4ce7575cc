"""The chart of a GAN on points of the plane: real and generated ones, D as a picture, the pull as arrows."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.core.plan import Array
from gui.panels.charts.arrows import Arrows
from gui.panels.charts.plane_chart import PlaneChart
from gui.panels.charts.plane_colours import of_two
from gui.panels.plane import Plane
from gui.theme import Theme

FAKE, REAL = 0, 1
"""The classes in whose colours and shapes they are drawn; D's picture is in the same two colours."""


class GameChart(PlaneChart):
    """D's line is where it can only guess, ``D(x) = 0.5``."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.arrows: Arrows | None = None
        super().__init__(theme, parent)
        self.setAccessibleName(self.tr("Real and generated points, and what the discriminator says"))
        self.arrows = Arrows(self, 20, "text")

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        if self.arrows is not None:
            self.arrows.restyle(theme)

    def show_field(self, plane: Plane, field: Array) -> None:
        """What D says of the points of the plane, (columns,)."""
        (surface,) = plane.grid(field[np.newaxis])
        self.show_picture(of_two(surface, 0.0, 1.0, self.theme))
        self.show_lines([(surface, 0.5)])

    def show_points(self, real: Array, fake: Array) -> None:
        """Both (2, m)."""
        assert self.points is not None
        x, y = np.concatenate([real, np.nan_to_num(fake, nan=1e9)], axis=1)
        classes = np.repeat([REAL, FAKE], [real.shape[1], fake.shape[1]])
        self.points.set(x, y, classes)
