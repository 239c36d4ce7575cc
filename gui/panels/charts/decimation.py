"""A curve of any length as about a thousand bins with the smallest and largest value of each."""

from __future__ import annotations

import numpy as np

from engine.core.plan import Array

BINS = 1024
"""Never more bins than twice this many; when they are full, pairs of bins become one."""
SAMPLES = 16


class Decimation:
    """Keeps up with a growing row of numbers at the cost of what is new.

    A bin holds ``width`` values, a power of two. Nothing is skipped: a single peak stays visible
    however long the row gets. ``follow`` notices by samples when the past itself was rewritten.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.length = 0
        self.width = 1
        self._low = np.full(2 * BINS, np.inf)
        self._high = np.full(2 * BINS, -np.inf)
        self._places = np.zeros(0, np.int64)
        self._values = np.zeros(0)

    @property
    def count(self) -> int:
        """The number of bins in use."""
        return -(-self.length // self.width)

    @property
    def top(self) -> float:
        """The largest value."""
        return float(self._high[: self.count].max()) if self.length else 0.0

    @property
    def bottom(self) -> float:
        """The smallest value above 0, for a logarithmic axis."""
        low = self._low[: self.count]
        positive = low[low > 0]
        return float(positive.min()) if len(positive) else 0.0

    def follow(self, values: Array) -> bool:
        """Take over a row of which a part is known; whether anything changed."""
        if len(values) < self.length or not np.array_equal(values[self._places], self._values):
            self.clear()
        if len(values) == self.length:
            return False
        while len(values) > 2 * BINS * self.width:
            self._halve()
        self._take(values)
        self.length = len(values)
        self._places = np.unique(np.linspace(0, self.length - 1, SAMPLES).astype(np.int64))
        self._values = values[self._places].copy()
        return True

    def lines(self, start: float = 0.0) -> tuple[Array, Array]:
        """x and y of one line through all bins; the first value stands at ``start``."""
        count, width = self.count, self.width
        if width == 1:
            return start + np.arange(count, dtype=np.float64), self._low[:count].copy()
        x = np.repeat(start + width * np.arange(count, dtype=np.float64), 2)
        x[1::2] += width / 2
        y = np.empty(2 * count)
        y[0::2], y[1::2] = self._high[:count], self._low[:count]
        return x, y

    def _take(self, values: Array) -> None:
        """Put the values from ``length`` on into their bins; the last one may be begun already."""
        width, here = self.width, self.length
        if width == 1:
            self._low[here : len(values)] = self._high[here : len(values)] = values[here:]
            return
        first = here // width
        if here % width:
            end = min(len(values), (first + 1) * width)
            self._add(first, values[here:end])
            here, first = end, first + 1
        whole = (len(values) - here) // width
        if whole > 0:
            blocks = values[here : here + whole * width].reshape(whole, width)
            self._low[first : first + whole] = blocks.min(axis=1)
            self._high[first : first + whole] = blocks.max(axis=1)
        rest = values[here + whole * width :]
        if len(rest):
            self._add(first + whole, rest)

    def _add(self, place: int, values: Array) -> None:
        self._low[place] = min(self._low[place], values.min())
        self._high[place] = max(self._high[place], values.max())

    def _halve(self) -> None:
        for bins, pick, nothing in ((self._low, np.minimum, np.inf), (self._high, np.maximum, -np.inf)):
            bins[:BINS] = pick(bins[0::2], bins[1::2])
            bins[BINS:] = nothing
        self.width *= 2


def steps_above(value: float) -> float:
    """The next rounded number at or above a positive value: axes are stretched in such steps."""
    if value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    for step in (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0):
        if value <= step * power * (1 + 1e-9):
            return float(step * power)
    return float(10.0 * power)
