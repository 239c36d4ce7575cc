"""Which neuron, handle or bias lies under a point: all distances at once, however many there are."""

from __future__ import annotations

import math

import numpy as np

from gui.editor.geometry import Geometry, UnitPlace
from gui.editor.marks import Kind, Thing


class UnitsUnder:
    """Looks only at the neurons near the point."""

    def __init__(self, geometry: Geometry) -> None:
        self._geometry = geometry
        self._units = tuple(geometry.units())
        self._x = np.array([unit.x for unit in self._units])
        self._y = np.array([unit.y for unit in self._units])

    def thing_at(self, x: float, y: float, slack: float, handles: bool) -> Thing | None:
        """A handle, else a neuron, else a bias; outputs have no handle."""
        geometry, sizes = self._geometry, self._geometry.sizes
        near = self._near(x, y, slack)
        for unit in near if handles else ():
            port, reach = geometry.port(unit), sizes.port + slack
            if geometry.places[unit.layer].role != "output" and _within(port.x(), port.y(), x, y, reach):
                return Thing(Kind.PORT, unit.layer, unit.key)
        for unit in near:
            if _within(unit.x, unit.y, x, y, sizes.radius):
                return Thing(Kind.UNIT, unit.layer, unit.key)
        for unit in near:
            place = geometry.places[unit.layer]
            if place.bias and place.bias_rect(unit, sizes).contains(x, y):
                return Thing(Kind.BIAS, unit.layer, unit.key)
        return None

    def _near(self, x: float, y: float, slack: float) -> list[UnitPlace]:
        sizes = self._geometry.sizes
        reach = sizes.radius + max(sizes.chip[0], sizes.port, 2 * sizes.chip[1]) + slack
        found = np.flatnonzero((np.abs(self._x - x) <= reach) & (np.abs(self._y - y) <= reach))
        return [self._units[number] for number in found.tolist()]


def _within(x: float, y: float, px: float, py: float, reach: float) -> bool:
    return math.hypot(x - px, y - py) <= reach
