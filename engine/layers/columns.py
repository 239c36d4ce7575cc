"""Windows as columns of a matrix, so that a convolution is one matrix product, and the reverse.

Often called im2col and col2im (Chellapilla, Puri and Simard, 2006). This module holds no kind.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from engine.core.place import Index, Place, Shape
from engine.core.plan import Array
from engine.layers.windows import Windows, slices

Pairs = list[tuple[Array, Array]]
WHOLE: tuple[slice, ...] = (slice(None), slice(None))
"""All groups and channels."""


class Columns:
    """What every window of an image sees, below it a row of ones for the bias.

    ``matrix`` is (groups, rows, positions · m): for each group of channels one row a channel and
    tap, in the order of a kernel (channels, f, f); where a window sees padding it holds 0. It is in
    use within one forward or backward, or ``kept`` from the forward to the end of the backward.
    """

    def __init__(
        self,
        place: Place,
        windows: Windows,
        channels: int,
        *,
        groups: int = 1,
        ones: bool = False,
        kept: bool = False,
    ) -> None:
        self.windows, self.groups, self.each = windows, groups, channels // groups
        taps, m = len(windows.taps), place.m
        rows = self.each * taps
        shape = (groups, rows + ones, *windows.out, m)
        whole = place.kept(shape) if kept else place.passing(shape)
        self.matrix = whole.reshape(groups, rows + ones, -1)
        kernel = (windows.kernel,) * len(windows.sizes)
        self.cells = whole[:, :rows].reshape(groups, self.each, *kernel, *windows.out, m)
        self.zero = place.plan.constant(0.0)
        self.ones = [(whole[:, -1], place.plan.constant(1.0))] if ones else []

    def pairs(self, image: Array) -> Pairs:
        """For every tap its part of the columns and the part of the image that it reads."""
        grouped = image.reshape(self.groups, self.each, *image.shape[1:])
        found = []
        for tap in self.windows.taps:
            here, there = self.windows.reading(tap)
            cells = self._of(tap)[(*WHOLE, *slices(here))]
            if cells.size:
                found.append((cells, grouped[(*WHOLE, *slices(there))]))
        return found

    def sources(self, image: Array) -> Pairs:
        """All parts of the matrix, and what is copied there: parts of the image, 0 for padding, ones."""
        around = [
            (cells, self.zero)
            for tap in self.windows.taps
            for cells in beside(self._of(tap), self.windows.reading(tap)[0])
        ]
        return [*around, *self.pairs(image), *self.ones]

    def _of(self, tap: Index) -> Array:
        """The cells of a tap (groups, channels, positions, m)."""
        at: tuple[slice | int, ...] = (*WHOLE, *tap)
        return self.cells[at]


def beside(cells: Array, box: tuple[range, ...]) -> Iterator[Array]:
    """Cells (groups, channels, positions, m) outside a box of positions, in pieces that share none."""
    inside = WHOLE
    for axis in slices(box):
        for side in (slice(None, axis.start), slice(axis.stop, None)):
            piece = cells[(*inside, side)]
            if piece.size:
                yield piece
        inside = (*inside, axis)


def gather(pairs: Pairs) -> None:
    """Image to columns."""
    for cells, pixels in pairs:
        np.copyto(cells, pixels)


def scatter(pairs: Pairs, image: Array) -> None:
    """Columns to image: every pixel becomes the sum of all cells that have read it."""
    image.fill(0.0)
    for cells, pixels in pairs:
        np.add(pixels, cells, pixels)


def grouped(matrix: Array, groups: int) -> Array:
    """An array (n, ...) as (groups, n / groups, all the rest), without a copy."""
    return matrix.reshape(groups, matrix.shape[0] // groups, -1)


def kernel_shape(units: int, channels: int, windows: Windows) -> Shape:
    """(filters, channels, f, f): as many axes as the positions have."""
    return (units, channels, *(windows.kernel,) * len(windows.sizes))


def every(ranges: tuple[range, ...]) -> Iterator[Index]:
    """All indices of a box, row by row."""
    return itertools.product(*ranges)
