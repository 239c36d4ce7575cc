"""The synapses, painted by Qt itself: one path item a connection, sign and step of width.

Nothing here is painted from Python, so training and painting do not wait for one another; a new
snapshot rebuilds only the paths whose members changed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from gui.colours import blend
from gui.editor.wires import Wires
from gui.theme import Theme

STEPS = 8
"""Steps of width and opacity."""
MOST = 2000
"""More synapses than this are not all drawn."""
STRONGEST = 1000
"""How many are drawn then."""
MOST_DASHED = 500
"""More synapses than this are not dashed: it costs too much and nobody could see it."""
ABSENT, BROKEN = -1, 2 * (STEPS + 1)
"""Codes of a synapse that is not drawn, and of one whose weight is not a number."""


class SynapseItems:
    """The items of all synapses. A code says sign and step: ``2 · step + (1 if negative)``."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene = scene
        self._theme = theme
        self._items: dict[tuple[int, int], QGraphicsPathItem] = {}
        self._faded = False
        self.wires: Wires | None = None
        self.codes = np.zeros(0, dtype=np.int64)
        self.widest = 0.0
        """The largest weight: what the widths are relative to."""

    # ---------------------------------------------------------------- asking

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """Which synapses are drawn."""
        return self.codes != ABSENT

    @property
    def hidden(self) -> int:
        """How many are left out because there are too many."""
        return int(np.count_nonzero(self.codes == ABSENT))

    @property
    def dashed(self) -> bool:
        """Whether negative ones are dashed."""
        return len(self.codes) <= MOST_DASHED

    @staticmethod
    def width(code: int, scale: float) -> float:
        """The width of a line with that code."""
        return (1.0 + 5.0 * (min(code, BROKEN - 1) // 2) / STEPS) * scale

    # ---------------------------------------------------------------- showing

    def rebuild(self, wires: Wires, theme: Theme) -> None:
        """Other synapses, or other places for them."""
        for item in self._items.values():
            self._scene.removeItem(item)
        self._items.clear()
        self.wires, self._theme = wires, theme
        self.codes = np.full(len(wires), ABSENT, dtype=np.int64)

    def show(self, weights: NDArray[np.float64]) -> None:
        """Newer weights, one a synapse; touches only what looks different."""
        if self.wires is None:
            return
        codes, self.widest = codes_of(weights)
        if np.array_equal(codes, self.codes):
            return
        for number, bundle in enumerate(self.wires.bundles):
            part = slice(bundle.start, bundle.stop)
            before, now = self.codes[part], codes[part]
            other = before != now
            for code in np.union1d(before[other], now[other]):
                if code != ABSENT:
                    self._fill(number, int(code), bundle.start + np.flatnonzero(now == code))
        self.codes = codes

    def fade(self, faded: bool) -> None:
        """Step back while a walkthrough is on."""
        if faded != self._faded:
            self._faded = faded
            for (_, code), item in self._items.items():
                item.setPen(self._pen(code))

    def _fill(self, bundle: int, code: int, members: NDArray[np.int64]) -> None:
        assert self.wires is not None
        path = QPainterPath()
        for number in members.tolist():
            self.wires.add_to(path, number)
        item = self._items.get((bundle, code))
        if item is None:
            item = QGraphicsPathItem()
            item.setPen(self._pen(code))
            item.setZValue(0.01 * code)
            self._items[bundle, code] = item
            self._scene.addItem(item)
        item.setPath(path)
        item.setVisible(bool(len(members)))

    def _pen(self, code: int) -> QPen:
        return pen_of(code, self._theme, faded=self._faded, dashed=self.dashed)


def codes_of(weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """The code of every synapse and the largest weight."""
    size = np.abs(weights)
    finite = np.isfinite(size)
    widest = float(size[finite].max()) if finite.any() else 0.0
    steps = np.zeros(len(weights), dtype=np.int64)
    if widest > 0:
        steps[finite] = np.ceil(size[finite] / widest * STEPS).astype(np.int64)
    codes = 2 * steps + (weights < 0)
    codes[~finite] = BROKEN
    if len(weights) > MOST:
        ranked = np.where(finite, size, np.inf)
        weak = np.argpartition(ranked, len(weights) - STRONGEST)[: len(weights) - STRONGEST]
        codes[weak] = ABSENT
    return codes, widest


def colour_of(code: int, theme: Theme, faded: bool = False) -> QColor:
    """The colour of a synapse: that of its sign, paler where it is weak."""
    if code == BROKEN:
        return theme.colour("error")
    step = code // 2
    full = theme.colour("zero") if step == 0 else theme.colour("negative" if code % 2 else "positive")
    strength = (0.4 + 0.6 * step / STEPS) * (0.28 if faded else 1.0)
    return blend(theme.colour("canvas"), full, strength)


def pen_of(code: int, theme: Theme, *, faded: bool = False, dashed: bool = True) -> QPen:
    """Colour and width of a synapse; opaque, because see-through lines take much longer to paint."""
    width = SynapseItems.width(code, theme.scale)
    pen = QPen(colour_of(code, theme, faded), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if code == BROKEN:
        pen.setDashPattern([1.0, 2.0])
    elif dashed and code % 2 and code // 2:
        pen.setDashPattern([9.0 * theme.scale / width, 5.0 * theme.scale / width])
    return pen
