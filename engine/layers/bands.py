"""A convolution with stride 1 row by row of the image: less to copy than a column for every window.

Only what lies sideways in a window is copied; what lies below is found where it is. The places of a
row may be held in another order, for a pooling that follows: with ``phases`` s first every s-th from
the first on, then every s-th from the second on. This module holds no kind.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine.core.place import Place, Shape
from engine.core.plan import Array
from engine.layers.windows import Windows

Pairs = list[tuple[Array, Array]]
Way = tuple[int, int, slice, slice]
"""A shift sideways, a phase, windows of a row in that phase, and the places that they read."""

Sum = tuple[Array, Array, list[Array], Pairs]
"""Cells of an image, an array for their sum, one or two parts that begin it, and where others are added."""

AT_ONCE = 1 << 20
"""Bytes of a product that is used again soon after: as many as a fast memory holds."""


class Seen:
    """What the windows of every row of z see, as matrices that overlap in memory.

    ``rows`` (phases, height + f − 1, f · channels + 1, width / phases · m) holds for every row of the
    padded image and every shift sideways the pixels of all channels, and a row of ones for the bias.
    So f of them one below the other lie in one piece, and ``stack`` has for every phase and row of z
    one matrix with f · (f · channels + 1) rows.
    """

    def __init__(self, place: Place, windows: Windows, channels: int, phases: int, *, ones: bool) -> None:
        (height, width), f, m = windows.out, windows.kernel, place.m
        self.windows, self.phases, self.ones = windows, phases, ones
        self.rows = place.kept((phases, height + f - 1, f * channels + ones, width // phases * m))
        self.one, self.zeros = place.plan.constant(1.0), pieces(place.plan.full((m,), 0.0))
        self.stack = stacked(self.rows, height, f)
        shifted = self.rows[:, :, : f * channels]
        self.cells = shifted.reshape(*shifted.shape[:2], f, channels, width // phases, m)

    def pairs(self, image: Array) -> Pairs:
        """For every shift its part of the rows and the part of the image that it reads, or zeros."""
        before, turned = self.windows.before, image.transpose(1, 0, 2, 3)
        inner, zeros = self.cells[:, before : before + len(turned)], self.zeros
        above, below = self.cells[:, :before], self.cells[:, before + len(turned) :]
        found = [(pieces(each), zeros) for each in (above, below) if each.size]
        read = {
            (shift, phase): (here, there) for shift, phase, here, there in sideways(self.windows, self.phases)
        }
        for shift, phase in np.ndindex(self.windows.kernel, self.phases):
            cells = pieces(inner[phase, :, shift])
            here, there = read.get((shift, phase), (slice(0, 0), slice(0, 0)))
            sides = cells[..., : here.start], cells[..., here.stop :]
            found += [(each, zeros) for each in sides if each.size]
            if here.stop > here.start:
                found.append((cells[..., here], pieces(turned[:, :, there])))
        return [*found, (self.rows[:, :, -1], self.one)] if self.ones else found

    def kernel_shape(self, filters: int) -> Shape:
        """The shape of a kernel that fits to ``stack``: (filters, rows of the window, a row's size)."""
        return (filters, self.windows.kernel, self.rows.shape[2])

    def parts(self, kernel: Array) -> tuple[Array, Array]:
        """W (filters, channels, f, f) and b (filters, 1) as views of such a kernel."""
        filters, f, size = kernel.shape
        W = kernel[:, :, : size - self.ones].reshape(filters, f, f, -1)
        return W.transpose(0, 3, 1, 2), kernel[:, 0, -1:]


class Rows:
    """z or dz row by row: ``inner`` (phases, height, filters, width / phases · m), with room around.

    ``stack`` has for each phase and row of the image that came in the f rows that see it, one below
    the other as one matrix; for that ``border`` must be 0.
    """

    def __init__(self, place: Place, windows: Windows, filters: int, phases: int, *, kept: bool) -> None:
        (height, width), f, m = windows.out, windows.kernel, place.m
        shape = (phases, windows.sizes[0] + f - 1, filters, width // phases * m)
        whole = place.kept(shape) if kept else place.passing(shape)
        above, zero = f - 1 - windows.before, place.plan.constant(0.0)
        self.inner = whole[:, above : above + height]
        self.border = [(whole[:, :above], zero), (whole[:, above + height :], zero)]
        self.stack = stacked(whole, windows.sizes[0], f)
        self.phases = phases
        self.ordered = self.inner.reshape(phases, height, filters, -1, m)

    def taps(self) -> list[Array]:
        """The places of windows as wide and high as there are phases, row by row.

        For each an array (windows below one another, filters, windows side by side · m).
        """
        s, (_, height, *rest) = self.phases, self.inner.shape
        apart = self.inner.reshape(s, height // s, s, *rest)
        return [apart[k, :, j] for j in range(s) for k in range(s)]


class Sent:
    """``da_prev[c, y, x] = Σ W[i, c, j, k] dz[i, y + p − j, x + p − k]``.

    All channels for all f shifts sideways come out of one product and are then shifted and added:
    some rows of the image at a time, as many as fit into ``AT_ONCE``.
    """

    def __init__(self, place: Place, windows: Windows, W: Array, rows: Rows) -> None:
        filters, channels, f, _ = W.shape
        phases, self.height, _, size = rows.stack.shape
        self.stack, self.phases, wide = rows.stack, phases, -(-windows.sizes[1] // phases)
        self.W = W[:, :, ::-1].transpose(3, 1, 2, 0)
        self.kernel = place.passing((f, channels, f, filters))
        fit = AT_ONCE // (phases * f * channels * size * W.itemsize)
        self.count = min(max(fit, 1), self.height)
        self.product = place.passing((phases, self.count, f * channels, size))
        self.part = self.product.reshape(phases, self.count, f, channels, -1, place.m)
        self.ways = sideways(windows, phases)
        self.sum = place.passing((self.count, channels, wide, place.m))
        self.target: Array | None = None
        self.bands: list[tuple[Array, Array, list[Sum]]] = []

    def __call__(self, da_prev: Array) -> None:
        """Fill ``da_prev``; sums are quicker where they lie in one piece."""
        if self.target is not da_prev:
            self.target, self.bands = da_prev, self._bands(da_prev)
        np.copyto(self.kernel, self.W)
        kernel = self.kernel.reshape(self.product.shape[2], -1)
        for stack, product, sums in self.bands:
            np.matmul(kernel, stack, product)
            for cells, whole, first, others in sums:
                if len(first) == 2:
                    np.add(first[0], first[1], whole)
                else:
                    np.copyto(whole, first[0] if first else 0.0)
                for here, part in others:
                    np.add(here, part, here)
                np.copyto(cells, pieces(whole))

    def _bands(self, da_prev: Array) -> list[tuple[Array, Array, list[Sum]]]:
        """For some rows at a time what is multiplied, the product, and the sums of its parts."""
        turned, found = da_prev.transpose(1, 0, 2, 3), []
        for top in range(0, self.height, self.count):
            rows = turned[top : top + self.count]
            stack, product = self.stack[:, top : top + self.count], self.product[:, : len(rows)]
            found.append((stack, product, self._sums(rows)))
        return found

    def _sums(self, rows: Array) -> list[Sum]:
        """For each phase its cells of these rows of the image, their sum, and the parts of it."""
        found = []
        for phase in range(min(self.phases, rows.shape[2])):
            cells = pieces(rows[:, :, phase :: self.phases])
            whole = self.sum[: len(rows), :, : cells.shape[2]]
            mine = [way for way in self.ways if way[3].start % self.phases == phase]
            first = [way for way in mine if way[2].stop - way[2].start == cells.shape[2]][:2]
            others = []
            for way in mine:
                if way not in first:
                    start, count = way[3].start // self.phases, way[2].stop - way[2].start
                    others.append((whole[:, :, start : start + count], self._part(way, len(rows))))
            found.append((cells, whole, [self._part(way, len(rows)) for way in first], others))
        return found

    def _part(self, way: Way, rows: int) -> Array:
        shift, phase, here, _ = way
        return self.part[phase, :rows, shift, :, here]


def stacked(rows: Array, count: int, f: int) -> Array:
    """Of rows (phases, number, size, cells) f one below the other, from each of the first ``count`` on."""
    phases, _, size, cells = rows.shape
    return as_strided(rows, (phases, count, f * size, cells), rows.strides, writeable=False)


def pieces(array: Array) -> Array:
    """The last axis as one number of as many bytes: quicker to copy."""
    return array.view(f"V{array.shape[-1] * array.itemsize}")[..., 0]


def by_rows(image: Array) -> Array:
    """An image (channels, height, width, m) as (1, height, channels, width · m), without a copy."""
    return image.reshape(*image.shape[:2], -1).transpose(1, 0, 2)[None]


def by_phases(image: Array, phases: int) -> Array:
    """An image as (phases, height, channels, width / phases, m), without a copy."""
    channels, height, width, m = image.shape
    return image.reshape(channels, height, width // phases, phases, m).transpose(3, 1, 0, 2, 4)


def sideways(windows: Windows, phases: int) -> list[Way]:
    """For every shift and phase the windows of a row that read no padding, and what they read."""
    found = []
    for shift in range(windows.kernel):
        here, there = (ranges[1] for ranges in windows.reading((0, shift)))
        for phase in range(phases):
            mine = [o for o in here if o % phases == phase]
            if mine:
                cells = slice(mine[0] // phases, mine[-1] // phases + 1)
                places = slice(there[mine[0] - here.start], there[mine[-1] - here.start] + 1, phases)
                found.append((shift, phase, cells, places))
    return found
