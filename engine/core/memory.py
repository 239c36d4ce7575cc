"""Memory that arrays share: two that are never in use at the same time may lie in the same place.

The lines of a plan always run in the same order, so while a network is compiled it becomes known
what is in use when: the life of every array, in steps of the compilation (a layer's forward, the
loss, a layer's backward, the update). A network that learns is therefore compiled twice: first to
see what lives when, then with everything in its place.

    memory = Memory()
    memory.passing((3, 5), dtype)    # in use in this step only
    memory.step()
    ...
    memory.laid_out()                # hands out the same arrays again, now with shared places
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.core.problems import AxonError

ALIGNED = 64
"""Every array begins at a multiple of so many bytes."""


@dataclass(slots=True)
class Life:
    """When an array is in use: from one step up to another, both included."""

    size: int
    """In bytes."""
    begin: int | None
    end: int | None

    def meets(self, other: Life) -> bool:
        """Whether the two are in use at the same time; a life without an end goes on to the last step."""
        return not (_before(self.end, other.begin) or _before(other.end, self.begin))


class Memory:
    """Hands out arrays whose content is not known, and notes their lives.

    ``places`` are those of an earlier run through the same requests; without them every array has
    memory of its own.
    """

    def __init__(self, places: Sequence[int] | None = None, size: int = 0) -> None:
        self.lives: list[Life] = []
        self.now = 0
        self.places = places
        whole = np.zeros(size + ALIGNED, np.uint8) if size else np.zeros(0, np.uint8)
        start = -whole.ctypes.data % ALIGNED if size else 0
        self.whole: NDArray[np.uint8] = whole[start : start + size]
        """The shared piece, as bytes."""
        self._of: dict[str, list[Life]] = {}

    def step(self) -> None:
        """The next step of the compilation begins."""
        self.now += 1

    def passing(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[np.generic]:
        """An array that is in use in this step only."""
        return self._array(shape, dtype, Life(0, self.now, self.now))

    def kept(self, shape: tuple[int, ...], dtype: DTypeLike, owner: str) -> NDArray[np.generic]:
        """An array that is in use from now on until ``end`` of its owner."""
        return self._array(shape, dtype, Life(0, self.now, None), owner)

    def awaited(self, shape: tuple[int, ...], dtype: DTypeLike, owner: str) -> NDArray[np.generic]:
        """An array that will be in use from ``begin`` of its owner until ``end`` of it."""
        return self._array(shape, dtype, Life(0, None, None), owner)

    def begin(self, owner: str) -> None:
        """What the owner awaits is written from this step on."""
        for life in self._of.get(owner, ()):
            if life.begin is None:
                life.begin = self.now

    def end(self, owner: str) -> None:
        """After this step nobody needs what the owner has taken so far."""
        for life in self._of.pop(owner, ()):
            life.end = self.now

    def laid_out(self) -> Memory:
        """The memory for a second run: the largest first, each at the lowest place that is free."""
        lives = self.lives
        places, placed = [0] * len(lives), list[int]()
        for number in sorted(range(len(lives)), key=lambda each: -lives[each].size):
            life, place = lives[number], 0
            for other in placed:
                if places[other] >= place + life.size:
                    break
                if places[other] + lives[other].size > place and life.meets(lives[other]):
                    place = places[other] + lives[other].size
            places[number] = place
            insort(placed, number, key=places.__getitem__)
        size = max((place + life.size for place, life in zip(places, lives, strict=True)), default=0)
        return Memory(places, size)

    def _array(
        self, shape: tuple[int, ...], dtype: DTypeLike, life: Life, owner: str = ""
    ) -> NDArray[np.generic]:
        kind = np.dtype(dtype)
        bytes_ = math.prod(shape) * kind.itemsize
        life.size = -(-bytes_ // ALIGNED) * ALIGNED
        number = len(self.lives)
        self.lives.append(life)
        if owner:
            self._of.setdefault(owner, []).append(life)
        if self.places is None:
            return np.zeros(shape, kind)
        if number >= len(self.places):
            raise AxonError("The second compilation of a network asks for other arrays than the first.")
        place = self.places[number]
        return self.whole[place : place + bytes_].view(kind).reshape(shape)


def _before(end: int | None, begin: int | None) -> bool:
    return end is not None and begin is not None and end < begin
