"""Fitting the network into the canvas, between banner and legend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gui.editor.geometry import Geometry

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

TALL = 18
"""A network of more rows of neurons than this is drawn wider, or its synapses could not be told apart."""
APART = 1 / 40
"""Layers are not drawn farther apart than so."""


class Fitting:
    """Keeps the whole network in view; in projector mode layers move together to be larger."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.busy = True  # until there is something to look at
        self.closeness = 1.0
        """How far the layers stand apart, as a share of what the document says."""
        self._beside: dict[str, float] = {}
        self._fitted = (False, (0, 0))
        """Whether it was a walk that was fitted, and between what."""

    @property
    def outgrown(self) -> bool:
        """Whether there are other names beside inputs and outputs, or a walk has other room than training."""
        network = self._canvas.network
        if self.busy:
            return False
        if network.geometry.beside != self._beside:
            return True
        walked, edges = self._fitted
        other_room = edges != self.edges() or network.showing.caches
        return walked != network.picture.walking and other_room

    def fit(self, *, may_rebuild: bool) -> None:
        """Camera, distances and names so that all can be seen."""
        self.busy = True
        try:
            self._fit(may_rebuild)
        finally:
            self.busy = False
        self.look()

    def make_room(self) -> None:
        """The banner came or went: nothing stands below it, unless the user is at work."""
        canvas = self._canvas
        if not self.busy and canvas.camera.follows and canvas.gestures.gesture is None:
            canvas.fit()

    def look(self) -> None:
        """Tell the scene what part of it can be seen."""
        canvas = self._canvas
        above, below = self.edges()
        port = canvas.viewport().rect().adjusted(6, above + 6, -6, -below - 6)
        canvas.network.set_view(canvas.mapToScene(port).boundingRect())

    def _fit(self, may_rebuild: bool) -> None:
        canvas, network, camera = self._canvas, self._canvas.network, self._canvas.camera
        above, below = self.edges()
        self._fitted = network.picture.walking, (above, below)
        room = camera.room(above, below)
        closeness = network.geometry.closeness_for(room.width(), room.height())
        if closeness == 1.0:
            closeness = apart(network.geometry, room.width(), room.height())
        if closeness != network.geometry.sizes.closeness and may_rebuild:
            self.closeness = closeness
            canvas.rebuild()
        self._beside = dict(network.geometry.beside)
        camera.fit(network.geometry.bounds, above, below)
        grown = network.bounds_at(camera.zoom)
        if grown != network.geometry.bounds:
            camera.fit(grown, above, below)

    def edges(self) -> tuple[int, int]:
        """Pixels above and below that banner, legend and slider take."""
        canvas = self._canvas
        gap = canvas.workspace.theme.space(1)
        above = canvas.banner.height() + gap if canvas.banner.text() else 0
        below = canvas.legend.room() + gap
        if canvas.weakest.stands_above:
            below += canvas.weakest.height() + gap
        return above, below


def apart(geometry: Geometry, width: float, height: float) -> float:
    """The closeness (1 and less) at which a tall network fills a canvas of that size.

    In steps, so that it rarely changes.
    """
    bounds, sizes = geometry.bounds, geometry.sizes
    at = [place.layer.x for place in geometry.places.values() if math.isfinite(place.layer.x)]
    if not at or bounds.height() < TALL * sizes.pitch or height <= 0:
        return 1.0
    spread = (max(at) - min(at)) * sizes.scale
    room = 0.92 * bounds.height() * width / height - (bounds.width() - spread / sizes.closeness)
    if room <= spread or not 0 < spread < math.inf:
        return 1.0
    return max(APART, 2.0 ** (math.ceil(4 * math.log2(spread / room)) / 4))
