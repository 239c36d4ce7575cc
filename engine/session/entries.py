"""Entries: the states before and after everything that can be undone; the window keeps the documents."""

from __future__ import annotations

from dataclasses import dataclass

from engine.document import Document
from engine.learned import Learned


@dataclass(frozen=True, slots=True)
class Moment:
    """A document with what was learned: what an undo entry goes back to.

    ``run`` is the number of the run that had it.
    """

    document: Document
    learned: Learned
    run: int = 0


class Entries:
    """By the numbers of the window's undo stack. ``mark`` is the last state that one of them holds."""

    def __init__(self, now: Moment) -> None:
        self.mark = now
        self._sides: dict[int, tuple[Moment, Moment]] = {}

    def enter(self, number: int, before: Moment, after: Moment, merge: bool = False) -> None:
        """An entry has led from one state to the other; ``merge`` if it goes on with one that is there."""
        first = self._sides[number][0] if merge and number in self._sides else before
        self.mark = after
        self._sides[number] = (first, after)

    def sides(self, number: int) -> tuple[Moment, Moment]:
        """The states before and after."""
        return self._sides[number]
