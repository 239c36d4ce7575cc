"""Room for wide blocks and none for what is folded: what stands beside is drawn farther out or in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

COLUMN = 60.0
"""Layers that stand no farther than this from one another, in the document's units, share a column."""

CLOSED = 0.98
"""By how much of its width an empty stretch is narrower; not by all, so that every place is somewhere."""


class Spread:
    """From a document's x to the scene's and back; both grow together, without a jump."""

    def __init__(
        self,
        across: float,
        wide: Iterable[tuple[float, float]] = (),
        closed: Sequence[tuple[float, float]] = (),
    ) -> None:
        """``wide`` names for each wide block its x in the document and how much wider than usual it is;
        ``closed`` from where to where nothing is drawn, so that what is right of it moves up."""
        self._across = across
        pushes: dict[float, float] = {}
        for x, more in wide:
            near = next((each for each in pushes if abs(each - x) < COLUMN), x)
            pushes[near] = max(pushes.get(near, 0.0), more)
        first = min(pushes, default=0.0)
        ends = {end for stretch in closed for end in stretch}
        corners = sorted({x + side for x in pushes for side in (-COLUMN, COLUMN)} | {first} | ends)
        self._xs = np.array(corners)
        pushed = [sum(_share(at - x) * more for x, more in pushes.items()) for at in corners]
        gone = [sum(max(0.0, min(at, right) - left) for left, right in closed) for at in corners]
        self._shifts = np.array(pushed) - CLOSED * across * np.array(gone)
        self._scene = self._xs * across + self._shifts
        self._even = not pushes and not closed

    def to_scene(self, x: float) -> float:
        """Where that place of the document is drawn."""
        if self._even:
            return x * self._across
        return x * self._across + float(np.interp(x, self._xs, self._shifts))

    def to_document(self, x: float) -> float:
        """Which place of the document is drawn there."""
        if self._even:
            return x / self._across
        if x <= self._scene[0]:
            return (x - float(self._shifts[0])) / self._across
        if x >= self._scene[-1]:
            return (x - float(self._shifts[-1])) / self._across
        return float(np.interp(x, self._scene, self._xs))


def _share(beyond: float) -> float:
    """How much of a block's extra width lies left of a place so far to the right of its middle."""
    return min(1.0, max(0.0, 0.5 + beyond / (2 * COLUMN)))
