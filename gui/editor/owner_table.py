"""The owner table: which line owns each pixel of a picture, and how much of the pixel it covers.

Drawing tens of thousands of lines takes a painter a second. Here the lines are set down once for a
camera, the weakest first; afterwards a picture in other colours is one look-up a pixel. The same
table says which line lies under the mouse. Pure NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = 4
"""Steps of how much of a pixel is covered."""
ENTRIES = 2 * LEVELS
"""Colours a line needs: each step, in the strokes and in the gaps of its dashes."""
COLUMNS = 150_000
"""Pixels that are set down at once: some two milliseconds of work."""
FARTHEST = 1e8
"""Pixels; no line of a network comes from farther away."""
BAND = 48
"""Rows of the picture that are finished at once."""
_BITS = 16
_ONE = 1 << _BITS


@dataclass(frozen=True, eq=False)
class Lines:
    """Straight lines in pixels of the picture, the weakest first."""

    start: Floats
    """(n, 2)."""
    end: Floats
    width: Floats
    """In pixels."""
    owner: Ints
    """The synapse that each line belongs to, counted from 0; a curve is several lines."""

    def __len__(self) -> int:
        return len(self.owner)


@dataclass(frozen=True, eq=False)
class Table:
    """A finished picture: for each pixel the number of its colour, ``ENTRIES`` to a synapse."""

    width: int
    height: int
    cells: Ints
    """``ENTRIES · (owner + 1) + entry``, row by row; below ``ENTRIES`` is empty ground."""

    def owner_at(
        self, x: float, y: float, reach: float, there: NDArray[np.bool_] | None = None
    ) -> int | None:
        """The synapse nearest to a pixel within ``reach``; ``there`` says which can be seen at all."""
        left, right = max(0, int(x - reach)), min(self.width, int(x + reach) + 1)
        top, bottom = max(0, int(y - reach)), min(self.height, int(y + reach) + 1)
        if left >= right or top >= bottom:
            return None
        patch = self.cells.reshape(self.height, self.width)[top:bottom, left:right]
        rows, columns = np.nonzero(patch >= ENTRIES)
        owners = patch[rows, columns] // ENTRIES - 1
        if there is not None:
            seen = there[owners]
            rows, columns, owners = rows[seen], columns[seen], owners[seen]
        if not len(owners):
            return None
        distance = (columns + left + 0.5 - x) ** 2 + (rows + top + 0.5 - y) ** 2
        best = int(np.argmin(distance))
        return int(owners[best]) if distance[best] <= reach * reach else None


class Builder:
    """Makes a table piece by piece: each ``next`` of ``pieces`` takes a few milliseconds."""

    def __init__(self, lines: Lines, width: int, height: int, *, dash: float = 0.0, gap: float = 0.0) -> None:
        self._lines, self._width, self._height = _sound(lines), width, height
        self._dash, self._gap = dash, gap
        self._stride = 1 << (width + 1).bit_length()
        # A pixel more on each side: rounding at the edge needs no looking after.
        self._core = np.zeros((height + 2) * self._stride, dtype=np.int32)
        self.table: Table | None = None

    def finish(self) -> Table:
        """All that is left, at once."""
        for _ in self.pieces():
            pass
        assert self.table is not None
        return self.table

    def pieces(self) -> Iterator[None]:
        """Do a little, and again; afterwards ``table`` is there."""
        lines = self._lines
        for first in range(0, len(lines), 8192):
            span = np.arange(first, min(first + 8192, len(lines)))
            yield from self._span(span)
        yield from self._shade()

    # ---------------------------------------------------------------- which line owns a pixel

    def _span(self, span: Ints) -> Iterator[None]:
        """Set down some lines, in their order."""
        lines = self._lines
        start, end, inside = clipped(lines.start[span], lines.end[span], self._width, self._height)
        span, start, end = span[inside], start[inside], end[inside]
        if not len(span):
            return
        across, down = np.abs(end - start).T
        steep = down > across
        length = np.where(steep, down, across)
        slant = np.hypot(across, down) / np.where(length > 0, length, 1.0)
        rows = np.maximum(1, np.rint(lines.width[span] * slant)).astype(np.int64)
        ends = np.cumsum((length + 1) * rows)
        first = 0
        while first < len(span):
            done = ends[first - 1] if first else 0.0
            last = max(first + 1, int(np.searchsorted(ends, done + COLUMNS)))
            part = slice(first, last)
            self._set_down(span[part], start[part], end[part], rows[part], steep[part])
            first = last
            yield

    def _set_down(self, ids: Ints, start: Floats, end: Floats, rows: Ints, steep: NDArray[np.bool_]) -> None:
        """Find the pixels of some lines: u is the axis along which a line runs most, v the other."""
        one = np.where(steep[:, None], start[:, ::-1], start)
        two = np.where(steep[:, None], end[:, ::-1], end)
        turned = one[:, :1] > two[:, :1]
        (u0, v0), (u1, v1) = np.where(turned, two, one).T, np.where(turned, one, two).T
        from_ = np.ceil(u0 - 0.5)
        count = (np.floor(u1 - 0.5) - from_ + 1).astype(np.int64)
        slope = (v1 - v0) / np.where(u1 > u0, u1 - u0, 1.0)
        at = v0 + (from_ + 0.5 - u0) * slope - 0.5
        # A wide line is several beside one another.
        times = np.where(count > 0, rows, 0)
        twin = np.repeat(np.arange(len(ids)), times)
        beside = np.arange(len(twin)) - np.repeat(np.cumsum(times) - times, times) - (rows[twin] - 1) / 2
        if len(twin):
            first = from_[twin].astype(np.int64)
            self._scatter(ids[twin], count[twin], first, slope[twin], at[twin] + beside, steep[twin])

    def _scatter(
        self, ids: Ints, count: Ints, from_: Ints, slope: Floats, at: Floats, steep: NDArray[np.bool_]
    ) -> None:
        """Walk all lines at once, in whole numbers: a sum from pixel to pixel, jumping at each start."""
        starts = np.cumsum(count) - count
        step = np.rint(slope * _ONE).astype(np.int64)
        # One pixel of margin, and half a pixel to round to the nearest.
        begin = np.rint((at + 1.5) * _ONE).astype(np.int64)
        pixels = np.repeat(step, count)
        pixels[starts] = begin
        pixels[starts[1:]] -= (begin + step * (count - 1))[:-1]
        np.cumsum(pixels, out=pixels)
        np.right_shift(pixels, _BITS, out=pixels)
        shift = self._stride.bit_length() - 1
        np.left_shift(pixels, np.repeat(np.where(steep, 0, shift), count), out=pixels)
        along = np.arange(len(pixels), dtype=np.int64)
        along += np.repeat(from_ + 1 - starts, count)
        np.left_shift(along, np.repeat(np.where(steep, shift, 0), count), out=along)
        np.add(pixels, along, out=pixels)
        np.clip(pixels, 0, len(self._core) - 1, out=pixels)
        self._core[pixels] = np.repeat((ids + 1).astype(np.int32), count)

    # ---------------------------------------------------------------- how much of it

    def _shade(self) -> Iterator[None]:
        """Smooth edges and dashes, from the distance of each pixel to the line that owns it."""
        lines, width, height = self._lines, self._width, self._height
        cells = np.zeros((height, width), dtype=np.int64)
        core = self._core.reshape(height + 2, self._stride)
        facts = _facts(lines, self._dash + self._gap)
        for top in range(0, height, BAND):
            bottom = min(top + BAND, height)
            cells[top:bottom] = self._band(core, top, bottom, facts)
            yield
        self.table = Table(width, height, cells.reshape(-1))

    def _band(self, core: NDArray[np.int32], top: int, bottom: int, facts: NDArray[np.float32]) -> Ints:
        width = self._width
        here = core[top + 1 : bottom + 1, 1 : width + 1]
        sides = (
            core[top:bottom, 1 : width + 1],
            core[top + 2 : bottom + 2, 1 : width + 1],
            core[top + 1 : bottom + 1, :width],
            core[top + 1 : bottom + 1, 2 : width + 2],
        )
        strongest = np.maximum(np.maximum(sides[0], sides[1]), np.maximum(sides[2], sides[3]))
        weakest = np.minimum(np.minimum(sides[0], sides[1]), np.minimum(sides[2], sides[3]))
        owner = np.where(here > 0, here, strongest)  # the soft rim of a line beside its core
        found = np.zeros(here.shape, dtype=np.int64)
        rows, columns = np.nonzero(owner)
        if not len(rows):
            return found
        line = owner[rows, columns]
        nx, ny, off, begin, half = (fact.take(line) for fact in facts)
        x, y = columns.astype(np.float32) + 0.5, (rows + top).astype(np.float32) + 0.5
        distance = np.abs(nx * x + ny * y - off)
        covered = np.clip(half + 0.5 - distance, 0.0, 1.0)
        # In the thick of it, what shows beside a line is another line and not the ground.
        amid = weakest[rows, columns] > 0
        core_here = here[rows, columns] > 0
        level = np.where(amid & core_here, LEVELS, np.rint(covered * LEVELS)).astype(np.int64)
        np.maximum(level, core_here, out=level)
        seen = level > 0
        entry = level - 1
        if self._gap > 0:
            along = ny * x - nx * y - begin
            period = self._dash + self._gap
            entry += LEVELS * (along - period * np.floor(along / period) >= self._dash)
        synapse = np.concatenate([[-1], self._lines.owner]).take(line)
        values = ENTRIES * (synapse + 1) + entry
        found[rows[seen], columns[seen]] = values[seen]
        return found


def _sound(lines: Lines) -> Lines:
    """Lines from or to nowhere lie outside."""
    odd = ~(np.abs(np.hstack([lines.start, lines.end])) < FARTHEST).all(axis=1)
    if not odd.any():
        return lines
    start, end = lines.start.copy(), lines.end.copy()
    start[odd], end[odd] = -99.0, -9.0
    return Lines(start, end, lines.width, lines.owner)


def _facts(lines: Lines, shift: float) -> NDArray[np.float32]:
    """Normal, offset, place of the start and half a width of every line; 0 is no line at all."""
    along = lines.end - lines.start
    length = np.hypot(along[:, 0], along[:, 1])
    along = along / np.where(length > 0, length, 1.0)[:, None]
    nx, ny = -along[:, 1], along[:, 0]
    off = nx * lines.start[:, 0] + ny * lines.start[:, 1]
    begin = ny * lines.start[:, 0] - nx * lines.start[:, 1]
    # Lines of one neuron would all have their gaps side by side, and those would be seen as stripes.
    begin += shift * (0.618034 * lines.owner % 1.0)
    facts = np.zeros((5, len(lines) + 1), dtype=np.float32)
    facts[:, 1:] = nx, ny, off, begin, lines.width / 2
    return facts


def clipped(start: Floats, end: Floats, width: int, height: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The parts of lines that lie in a picture, and which lines have one (Liang and Barsky)."""
    way = end - start
    enter, leave = np.zeros(len(start)), np.ones(len(start))
    inside = np.ones(len(start), dtype=np.bool_)
    with np.errstate(divide="ignore", invalid="ignore"):
        for axis, size in ((0, width), (1, height)):
            step = way[:, axis]
            one, two = -start[:, axis] / step, (size - start[:, axis]) / step
            flat = step == 0
            inside &= ~flat | ((start[:, axis] >= 0) & (start[:, axis] <= size))
            enter = np.where(flat, enter, np.maximum(enter, np.minimum(one, two)))
            leave = np.where(flat, leave, np.minimum(leave, np.maximum(one, two)))
        inside &= enter < leave
        first, last = start + enter[:, None] * way, start + leave[:, None] * way
    return first, last, inside
