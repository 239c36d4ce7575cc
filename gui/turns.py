"""While training runs one at a time draws what is costly, so that a frame stays short."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(slots=True)
class _Place:
    every: float
    last: float = -1e9


class Turns:
    """Hands one turn a frame to whoever has waited longest, measured by how often it wants one.

    With time to spare everyone draws as often as it wants; where time is short all draw more rarely
    in the same proportion.
    """

    def __init__(self) -> None:
        self._places: dict[object, _Place] = {}
        self._whose: object = None

    def join(self, one: object, every: float) -> None:
        """Take part from now on; a turn is wanted every so many seconds."""
        self._places[one] = _Place(every)

    def leave(self, one: object) -> None:
        """Take part no longer."""
        self._places.pop(one, None)

    def next(self, there_is_one: bool = True) -> None:
        """A new frame: the turn of whoever waits, or of nobody."""
        self._whose = None
        now = time.perf_counter()
        if not there_is_one or not self._places:
            return
        one, place = max(self._places.items(), key=lambda each: (now - each[1].last) / each[1].every)
        if now - place.last >= place.every:
            self._whose, place.last = one, now

    def mine(self, one: object) -> bool:
        """Whether it is the turn of this one."""
        return self._whose is one
