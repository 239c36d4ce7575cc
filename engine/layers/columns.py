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


class Columns:
    """What every window of an image sees, below it a row of ones for the bias.

    ``matrix`` is (groups, rows, positions · m): for each group of channels one row a channel and
    tap, in the order of a kernel (channels, f, f); where a window sees padding it holds 0.
    """

    def __init__(
        self, place: Place, windows: Windows, channels: int, *, groups: int = 1, ones: bool = False
    ) -> None:
        self.windows, self.groups, self.each = windows, groups, channels // groups
        taps, m = len(windows.taps), place.m
        rows = self.each * taps
        whole = place.scratch((groups, rows + ones, *windows.out, m))
        if ones:
            whole[:, -1] = 1.0
        self.matrix = whole.reshape(groups, rows + ones, -1)
        kernel = (windows.kernel,) * len(windows.sizes)
        self.cells = whole[:, :rows].reshape(groups, self.each, *kernel, *windows.out, m)

    def pairs(self, image: Array) -> list[tuple[Array, Array]]:
        """For every tap its part of the columns and the part of the image that it reads."""
        grouped = image.reshape(self.groups, self.each, *image.shape[1:])
        whole, found = (slice(None), slice(None)), []
        for tap in self.windows.taps:
            here, there = self.windows.reading(tap)
            at: tuple[int | slice, ...] = (*whole, *tap, *slices(here))
            cells = self.cells[at]
            if cells.size:
                found.append((cells, grouped[(*whole, *slices(there))]))
        return found


def gather(pairs: list[tuple[Array, Array]]) -> None:
    """Image to columns; the cells of the padding are not touched."""
    for cells, pixels in pairs:
        np.copyto(cells, pixels)


def scatter(pairs: list[tuple[Array, Array]], image: Array) -> None:
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
