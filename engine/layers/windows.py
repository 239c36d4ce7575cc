"""Windows that slide over positions: the pixels of an image, the time steps of a sequence.

Convolution and pooling share this geometry. This module holds no kind.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.core.place import Index, Shape
from engine.core.problems import DocumentError

PADDINGS = ("same", "valid", "1", "2", "3")
"""What a convolution can be padded with; a number is PyTorch's ``padding``."""


@dataclass(frozen=True)
class Windows:
    """On every axis window o reads, with its tap k, the place ``i = o s + k d − before``.

    s is the stride, d the dilation (1: the taps lie side by side), k runs from 0 to f − 1. Places
    outside 0 ... n − 1 are padding. There are ``⌊(n + before + after − d (f − 1) − 1) / s⌋ + 1``
    windows: with p before and after and d = 1 the lecture's ``⌊(n + 2p − f) / s⌋ + 1``.
    """

    sizes: Shape
    """How many places there are on each axis."""
    kernel: int
    """f, the same on every axis."""
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    @property
    def reach(self) -> int:
        """How many places a window stretches over, gaps included."""
        return self.dilation * (self.kernel - 1) + 1

    @cached_property
    def out(self) -> Shape:
        """How many windows there are on each axis."""
        room = self.before + self.after - self.reach
        return tuple((n + room) // self.stride + 1 for n in self.sizes)

    @cached_property
    def taps(self) -> tuple[Index, ...]:
        """The places within a window, row by row."""
        return tuple(itertools.product(range(self.kernel), repeat=len(self.sizes)))

    @cached_property
    def apart(self) -> bool:
        """Whether no two windows share a place."""
        return self.stride >= self.reach

    @cached_property
    def tiled(self) -> bool:
        """Whether every place is seen by exactly one window."""
        if self.stride != self.kernel or self.dilation != 1 or self.before:
            return False
        return all(count * self.stride >= n for n, count in zip(self.sizes, self.out, strict=True))

    def seen(self, window: Index) -> Iterator[tuple[Index, Index]]:
        """Pairs of a tap and the place that it reads, row by row, without padding."""
        return _crossed([axis[o] for axis, o in zip(self._seen, window, strict=True)])

    def holding(self, place: Index) -> Iterator[tuple[Index, Index]]:
        """Pairs of a tap and the window in which it reads the place, in the order of the windows."""
        return _crossed([axis[i] for axis, i in zip(self._holding, place, strict=True)])

    def seen_count(self, window: Index) -> int:
        """How many places a window sees."""
        return math.prod(len(axis[o]) for axis, o in zip(self._seen, window, strict=True))

    def holding_count(self, place: Index) -> int:
        """How many windows see a place."""
        return math.prod(len(axis[i]) for axis, i in zip(self._holding, place, strict=True))

    def reading(self, tap: Index) -> tuple[tuple[range, ...], tuple[range, ...]]:
        """The windows whose tap reads no padding, and the places that it reads: a range an axis."""
        windows, places = [], []
        for k, n, count in zip(tap, self.sizes, self.out, strict=True):
            shift = k * self.dilation - self.before
            first = max(0, math.ceil(-shift / self.stride))
            end = max(first, min(count, (n - 1 - shift) // self.stride + 1))
            windows.append(range(first, end))
            start = first * self.stride + shift
            places.append(range(start, start + (end - first) * self.stride, self.stride))
        return tuple(windows), tuple(places)

    def reading_count(self, tap: Index) -> int:
        """How many windows there are whose tap reads no padding."""
        return math.prod(map(len, self.reading(tap)[0]))

    @cached_property
    def _seen(self) -> list[list[list[tuple[int, int]]]]:
        """For every axis and window of it the pairs of tap and place."""
        taps = range(self.kernel)
        return [
            [[(k, i) for k in taps if 0 <= (i := self._place(o, k)) < n] for o in range(count)]
            for n, count in zip(self.sizes, self.out, strict=True)
        ]

    @cached_property
    def _holding(self) -> list[list[list[tuple[int, int]]]]:
        """For every axis and place of it the pairs of tap and window."""
        made: list[list[list[tuple[int, int]]]] = [[[] for _ in range(n)] for n in self.sizes]
        for places, windows in zip(made, self._seen, strict=True):
            for o, pairs in enumerate(windows):
                for k, i in pairs:
                    places[i].append((k, o))
        return made

    def _place(self, window: int, tap: int) -> int:
        return window * self.stride + tap * self.dilation - self.before


@lru_cache(maxsize=256)
def windows_of(
    sizes: Shape, kernel: int, stride: int = 1, padding: str = "valid", dilation: int = 1
) -> Windows:
    """The windows for a padding by its name.

    ``valid`` adds nothing. A number is added before and after, as in PyTorch. ``same`` adds what
    keeps the size at stride 1, ``d (f − 1)`` in all, the odd one behind (PyTorch's ``same``); a
    stride s then takes every s-th of those windows, which leaves ⌈n / s⌉.

    Raises ``DocumentError`` if not one window fits.
    """
    reach = dilation * (kernel - 1)
    if padding == "same":
        before, after = reach // 2, reach - reach // 2
    else:
        before = after = 0 if padding == "valid" else int(padding)
    made = Windows(sizes, kernel, stride, before, after, dilation)
    if min(made.out) < 1:
        raise DocumentError(
            f"A window that reaches over {made.reach} places does not fit into {min(sizes)}:"
            " make it smaller or pad the input."
        )
    return made


def slices(ranges: tuple[range, ...]) -> tuple[slice, ...]:
    """Ranges that run upwards, as what cuts them out of an array."""
    return tuple(slice(each.start, each.stop, each.step) for each in ranges)


def _crossed(axes: list[list[tuple[int, int]]]) -> Iterator[tuple[Index, Index]]:
    """All combinations of one pair from each axis, as a pair of indices."""
    for pairs in itertools.product(*axes):
        yield tuple(one for one, _ in pairs), tuple(other for _, other in pairs)
