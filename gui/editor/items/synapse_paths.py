"""A few hundred synapses, painted by Qt itself: one path item a connection, sign and step of width.

Nothing here is painted from Python, so training and painting do not wait for one another; newer
weights rebuild only the paths whose members changed.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from gui.editor.items.synapse_codes import ABSENT, Codes, pen_of
from gui.editor.wires import Wires
from gui.theme import Theme


class SynapsePaths:
    """The path items of all synapses, or of those few that are lifted above the others."""

    def __init__(self, scene: QGraphicsScene, theme: Theme, z: float = 0.0) -> None:
        self._scene, self._theme, self._z = scene, theme, z
        self._items: dict[tuple[int, int], QGraphicsPathItem] = {}
        self._faded = False
        self._pixel = 0.0
        self._wires: Wires | None = None
        self._codes = np.zeros(0, dtype=np.int64)

    def rebuild(self, wires: Wires | None, theme: Theme) -> None:
        """Other synapses, or other places for them; ``None`` for none at all."""
        for item in self._items.values():
            self._scene.removeItem(item)
        self._items.clear()
        self._wires, self._theme = wires, theme
        self._codes = np.full(0 if wires is None else len(wires), ABSENT, dtype=np.int64)

    def show(self, codes: Codes) -> None:
        """Newer codes, one a synapse; touches only what looks different."""
        if self._wires is None:
            return
        for number, bundle in enumerate(self._wires.bundles):
            part = slice(bundle.start, bundle.stop)
            before, now = self._codes[part], codes[part]
            other = before != now
            for code in np.union1d(before[other], now[other]):
                if code != ABSENT:
                    members = bundle.start + np.flatnonzero(now == code)
                    self._fill(number, int(code), members.tolist())
        self._codes = codes

    def lift(self, numbers: frozenset[int], codes: Codes) -> None:
        """Only these synapses, as they look now."""
        if self._wires is None or not (numbers or self._items):
            return
        wanted: dict[tuple[int, int], list[int]] = {key: [] for key in self._items}
        for number in numbers:
            if 0 <= number < len(codes) and codes[number] != ABSENT:
                wanted.setdefault((0, int(codes[number])), []).append(number)
        for (bundle, code), members in wanted.items():
            self._fill(bundle, code, members)

    def fade(self, faded: bool) -> None:
        """Step back while a walkthrough is on."""
        if faded != self._faded:
            self._faded = faded
            self._renew_pens()

    def set_zoom(self, zoom: float) -> None:
        """The camera is nearer or farther: no line becomes too thin to be seen."""
        pixel = 1.0 / zoom if 0 < zoom < 1.6 else 0.0
        if pixel != self._pixel:
            self._pixel = pixel
            self._renew_pens()

    def _renew_pens(self) -> None:
        for (_, code), item in self._items.items():
            item.setPen(self._pen(code))

    def _fill(self, bundle: int, code: int, members: list[int]) -> None:
        assert self._wires is not None
        item = self._items.get((bundle, code))
        if item is None:
            if not members:
                return
            item = QGraphicsPathItem()
            item.setPen(self._pen(code))
            item.setZValue(self._z + 0.01 * code)
            self._items[bundle, code] = item
            self._scene.addItem(item)
        elif not members and not item.isVisible():
            return
        path = QPainterPath()
        for number in members:
            self._wires.add_to(path, number)
        item.setPath(path)
        item.setVisible(bool(members))

    def _pen(self, code: int):
        return pen_of(code, self._theme, faded=self._faded, least=self._pixel)
