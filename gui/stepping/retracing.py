"""Retracing: what goes one way in one press comes back in one press, wherever it led."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from gui.stepping.goals import Goal
from gui.stepping.strides import Level
from gui.stepping.walk import Spot

MOST = 10_000
"""Presses that are remembered."""


@dataclass(frozen=True, slots=True)
class Press:
    """What was pressed: a stride of some size, ``into``, ``out``, or a run to a goal; which way."""

    what: Level | Goal | str
    onward: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """A press with where it led from and to, and the size of a step before it."""

    press: Press
    start: Spot
    end: Spot
    size: Level


class Retracing:
    """The way that was walked. It counts as long as one stands where the last press led."""

    def __init__(self) -> None:
        self._made: deque[Made] = deque(maxlen=MOST)

    def note(self, made: Made) -> None:
        """One more press was made; one that led nowhere has nothing to come back from."""
        if made.start != made.end:
            self._made.append(made)

    def opposite(self, press: Press, here: Spot | None) -> Made | None:
        """The last press, if this is the opposite one at its end; it is not remembered any more."""
        if not self._made or self._made[-1].end != here:
            self._made.clear()
            return None
        last = self._made[-1]
        if last.press.what != press.what or last.press.onward == press.onward:
            return None
        return self._made.pop()

    def forget(self) -> None:
        """Another walk begins."""
        self._made.clear()
