"""The largest number of every window, and the way back to the winners. This module holds no kind."""

from __future__ import annotations

import math

import numpy as np

from engine.core.place import Place
from engine.core.plan import Array
from engine.layers.pooling import taps_of
from engine.layers.windows import Windows

Pairs = list[tuple[Array, Array]]


class Maxima:
    """``a`` = the largest of every window of ``x``, tap by tap, row by row.

    ``larger`` says for every tap but the first in which windows it is larger than all taps before
    it. The last such tap is the winner, or else the first, so of equal cells the first wins. It is
    kept for the way back only.
    """

    def __init__(self, place: Place, windows: Windows, x: Array, a: Array, *, back: bool) -> None:
        self.windows, self.a = windows, a
        taps = range(len(windows.taps))
        self.cells = place.passing(a.shape)
        self.larger = place.kept((len(taps) - 1, *a.shape), dtype=bool) if back else None
        self.pairs = [_pairs(windows, n, x, self.cells if n else a) for n in taps]
        most = math.prod(windows.out)
        self.padded = any(windows.reading_count(tap) < most for tap in windows.taps)

    def __call__(self) -> None:
        """Fill ``a``; the cells of a tap are used while they are still in the fast memory."""
        a, cells, larger = self.a, self.cells, self.larger
        for number, pairs in enumerate(self.pairs):
            if self.padded:
                (cells if number else a).fill(-np.inf)
            for pixels, here in pairs:
                np.copyto(here, pixels)
            if number:
                if larger is not None:
                    np.greater(cells, a, larger[number - 1])
                np.maximum(a, cells, out=a)


class Winners:
    """Sends ``da`` of every window to its winner."""

    def __init__(self, place: Place, maxima: Maxima, da: Array) -> None:
        assert maxima.larger is not None
        self.windows, self.larger, self.da = maxima.windows, maxima.larger, da
        self.rest, self.sent = place.passing(da.shape), place.passing(da.shape)
        self.target: Array | None = None
        self.pairs: list[Pairs] = []

    def __call__(self, da_prev: Array) -> None:
        """Fill ``da_prev``: from the last tap to the first, each wins what is left of ``da``."""
        windows, rest, sent = self.windows, self.rest, self.sent
        if self.target is not da_prev:
            self.target = da_prev
            self.pairs = [_pairs(windows, n, da_prev, sent if n else rest) for n in range(len(windows.taps))]
        if not windows.tiled:
            da_prev.fill(0.0)
        left = self.da
        for pairs, larger in zip(reversed(self.pairs[1:]), self.larger[::-1], strict=True):
            np.copyto(sent, larger)
            np.multiply(left, sent, sent)
            np.subtract(left, sent, rest)
            left = rest
            self._send(pairs)
        if left is not rest:
            np.copyto(rest, left)
        self._send(self.pairs[0])

    def _send(self, pairs: Pairs) -> None:
        for pixels, sent in pairs:
            if self.windows.apart:
                np.copyto(pixels, sent)
            else:
                np.add(pixels, sent, pixels)


def _pairs(windows: Windows, tap: int, image: Array, cells: Array) -> Pairs:
    """The pixels that a tap reads and the cells of the windows for which it reads them.

    Where windows lie apart, pixels are only copied: faster with all examples as one number.
    """
    found = taps_of(windows, image, cells, windows.taps[tap : tap + 1])
    return [(_whole(pixels), _whole(here)) for pixels, here in found] if windows.apart else found


def _whole(array: Array) -> Array:
    """The last axis as one number of as many bytes."""
    return array.view(f"V{array.shape[-1] * array.itemsize}")[..., 0]
