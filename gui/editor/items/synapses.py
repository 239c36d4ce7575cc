"""The synapses: how many there are decides how they are drawn.

Up to some hundred Qt paints paths, smooth and dashed; thousands are one picture (``synapse_image``).
Beyond what can be told apart only the strongest are drawn, and the legend says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QGraphicsScene

from gui.editor.items.synapse_codes import ABSENT, MOST, codes_of
from gui.editor.items.synapse_image import SynapseImage
from gui.editor.items.synapse_paths import SynapsePaths
from gui.editor.wires import Wires
from gui.theme import Theme

PATHS = 500
"""Up to so many are paths of Qt's."""
LIFTED = 2000
"""Up to so many that are marked are drawn again above the picture."""


class SynapseItems:
    """All synapses of a scene, whichever way they are drawn."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._paths = SynapsePaths(scene, theme)
        self._lifted = SynapsePaths(scene, theme, z=2.0)
        self.image = SynapseImage(scene, theme)
        scene.addItem(self.image)
        self._numbers: frozenset[int] = frozenset()
        self.weights = np.zeros(0)
        """The weights that are shown, one a synapse."""
        self._weakest = 0.0
        self.wires: Wires | None = None
        self.codes = np.zeros(0, dtype=np.int64)
        self.drawn: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        """Which synapses are drawn."""
        self._pending: NDArray[np.bool_] | None = None
        """Which weights are not known yet, if there are such."""
        self.widest = 0.0
        """The largest weight: what the widths are relative to."""

    # ---------------------------------------------------------------- asking

    @property
    def as_image(self) -> bool:
        """Whether there are so many that they are one picture."""
        return len(self.codes) > PATHS

    @property
    def hidden(self) -> int:
        """How many are not drawn, for whatever reason."""
        return len(self.drawn) - int(np.count_nonzero(self.drawn))

    @property
    def too_many(self) -> bool:
        """Whether there are more than can be drawn."""
        return len(self.codes) > MOST

    @property
    def weakest(self) -> float:
        """The share of the largest weight below which a synapse is not drawn."""
        return self._weakest

    def drawn_of(self, numbers: Iterable[int]) -> frozenset[int]:
        """Those of some synapses that are drawn."""
        drawn = self.drawn
        return frozenset(number for number in numbers if number < len(drawn) and drawn[number])

    def known_of(self, numbers: Iterable[int]) -> frozenset[int]:
        """Those of some synapses whose weight is known: after an edit it takes a moment."""
        pending = self._pending
        if pending is None:
            return frozenset(numbers)
        return frozenset(number for number in numbers if number < len(pending) and not pending[number])

    def nearest(self, x: float, y: float, reach: float) -> int | None:
        """The drawn synapse nearest to a point of the scene, if it is within reach."""
        if self.wires is None:
            return None
        if self.as_image:
            found = self.image.nearest(x, y, reach, self.drawn)
            if found is not False:
                return found
        return self.wires.nearest(x, y, reach, self.drawn)

    # ---------------------------------------------------------------- showing

    def rebuild(self, wires: Wires, theme: Theme) -> None:
        """Other synapses, or other places for them."""
        self.wires = wires
        self.codes = np.full(len(wires), ABSENT, dtype=np.int64)
        self.drawn = np.zeros(len(wires), dtype=np.bool_)
        self.weights = np.zeros(0)
        self._pending = None
        self._numbers = frozenset()
        self._paths.rebuild(None if self.as_image else wires, theme)
        self._lifted.rebuild(wires if self.as_image else None, theme)
        self.image.rebuild(wires if self.as_image else None, theme)

    def show_arrays(self, arrays: Mapping[str, NDArray]) -> NDArray[np.float64]:
        """The weights of a snapshot; those that are not in it yet look like 0, not like an error."""
        if self.wires is None:
            return self.weights
        weights = self.wires.values(arrays)
        self._pending = self.wires.pending(arrays)
        if self._pending is not None:
            weights[self._pending] = 0.0
        self.show(weights)
        return weights

    def show(self, weights: NDArray[np.float64]) -> None:
        """Newer weights, one a synapse; touches only what looks different."""
        if self.wires is None:
            return
        self.weights = weights
        codes, self.widest = codes_of(weights, self._weakest)
        if np.array_equal(codes, self.codes):
            return
        if self.as_image:
            self.image.show_codes(codes, np.abs(weights))
            self._lifted.lift(self._numbers, codes)
        else:
            self._paths.show(codes)
        self.codes, self.drawn = codes, codes != ABSENT

    def set_weakest(self, share: float) -> None:
        """Draw only what is at least so large, as a share of the largest weight."""
        if share != self._weakest:
            self._weakest = share
            if len(self.weights) == len(self.codes):
                self.show(self.weights)

    def lift(self, numbers: frozenset[int]) -> None:
        """These are marked: they are drawn above all the others."""
        if self.as_image and numbers != self._numbers and len(numbers) <= LIFTED:
            self._numbers = numbers
            self._lifted.lift(numbers, self.codes)

    def fade(self, faded: bool) -> None:
        """Step back while a walkthrough is on."""
        for each in (self._paths, self._lifted, self.image):
            each.fade(faded)

    def set_zoom(self, zoom: float) -> None:
        """The camera is nearer or farther."""
        self._paths.set_zoom(zoom)
        self._lifted.set_zoom(zoom)

    def settled(self) -> None:
        """The camera stands still now: no need to wait."""
        self.image.settled()

    def rest(self) -> None:
        """Nobody looks: no more work."""
        self.image.rest()
