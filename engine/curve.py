"""The loss curve: J of every update, none lost."""

from __future__ import annotations

import numpy as np

from engine.core.plan import Array


class Curve:
    """A growing row of numbers that begins at update ``start``."""

    def __init__(self, start: int = 0) -> None:
        self.start = start
        self._values = np.zeros(1024)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def end(self) -> int:
        """The update that comes next."""
        return self.start + self._length

    def record(self, update: int, value: float) -> None:
        """J of an update: the next one, or one that is replayed."""
        place = update - self.start
        try:
            self._values[place] = value
        except IndexError:
            self._grow(place + 1)
            self._values[place] = value
        if place >= self._length:
            self._length = place + 1

    def extend(self, update: int, values: Array) -> None:
        """J of several updates from one on."""
        place = update - self.start
        end = place + len(values)
        if end > len(self._values):
            self._grow(end)
        self._values[place:end] = values
        self._length = max(self._length, end)

    def _grow(self, least: int) -> None:
        grown = np.zeros(max(1024, 2 * len(self._values), least))
        grown[: self._length] = self._values[: self._length]
        self._values = grown

    @classmethod
    def of(cls, values: Array, start: int = 0) -> Curve:
        """A curve that holds these values already."""
        made = cls(start)
        made._values = np.array(values, dtype=np.float64)
        made._length = len(values)
        return made

    def copy(self) -> Curve:
        """A curve of its own with the same values."""
        return Curve.of(self.values, self.start)

    def since(self, update: int) -> Array:
        """A copy of the values from an update on."""
        return self._values[max(0, update - self.start) : self._length].copy()

    @property
    def values(self) -> Array:
        """All values, as a read-only view."""
        view = self._values[: self._length]
        view.setflags(write=False)
        return view
