"""Panels refresh in turn while training runs: one a frame, so that a frame stays short."""

from __future__ import annotations


class Turns:
    """A ring of whoever wants a turn; ``next`` hands it on."""

    def __init__(self) -> None:
        self._ring: list[object] = []
        self._at = 0

    def join(self, one: object) -> None:
        """Take part from now on."""
        if one not in self._ring:
            self._ring.append(one)

    def leave(self, one: object) -> None:
        """Take part no longer."""
        if one in self._ring:
            self._ring.remove(one)

    def next(self) -> None:
        """The turn goes on to the next one."""
        self._at = (self._at + 1) % len(self._ring) if self._ring else 0

    def mine(self, one: object) -> bool:
        """Whether it is the turn of this one."""
        return bool(self._ring) and self._ring[self._at % len(self._ring)] is one
