"""Chance that can be repeated: random numbers that depend on seed, owner and update alone.

A counter-based generator (Philox, Salmon et al. 2011) is keyed by the seed and the owner's name;
its counter is the number of the update. So update 7 draws the same masks and noise whether it is
reached by training, by replaying from a checkpoint or by a walkthrough.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

_MASK = 0xFFFFFFFF


class Chance:
    """The random numbers of one owner.

    ``at(update)`` gives the one generator, set to the beginning of that update's numbers.
    """

    def __init__(self, seed: int, *names: str | int) -> None:
        words = [each & _MASK if isinstance(each, int) else zlib.crc32(each.encode()) for each in names]
        self._bits = np.random.Philox(np.random.SeedSequence([seed & _MASK, *words]))
        self._start: Any = self._bits.state
        self._generator = np.random.Generator(self._bits)

    def at(self, update: int) -> np.random.Generator:
        """The generator at the beginning of an update, counted from 0."""
        self._start["state"]["counter"][:] = (0, 0, update, 0)
        self._bits.state = self._start
        return self._generator
