"""Values over the updates in bins: memory stays the same however long a training goes on.

A bin holds the smallest and the largest value of ``width`` updates, so no peak is lost. It is
*exact* for a weight when every one of its updates was noted, one after another.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.core.plan import Array

CAPACITY = 4096
"""When so many bins are full, pairs of bins become one."""
MOST_ROWS = 16
"""Weights that are remembered; those not asked for any more go first."""

Name = tuple[object, ...]
"""What stays the same of a weight whatever is inserted beside it, such as its two units."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One weight over the updates, in bins; NaN where nothing is known.

    ``low`` and ``high`` are the smallest and largest value in a bin, each before its update;
    ``slope_low`` and ``slope_high`` the gradients of the updates.
    """

    low: Array
    high: Array
    slope_low: Array
    slope_high: Array


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What is known of every weight that was asked for.

    Bin n is about the ``width`` updates from ``start + n * width`` on.
    """

    start: int = 0
    width: int = 1
    courses: Mapping[Name, Course] = field(default_factory=dict)
    every: int = 1
    """1 where every update is known, else about how many updates one sample stands for."""
    known_from: int = 0
    """The earliest update that could be had."""
    complete: bool = True
    """Whether asking again would not tell more."""


class _Row:
    """The bins of one weight: smallest and largest value, then smallest and largest gradient."""

    def __init__(self) -> None:
        self.bins = np.full((4, CAPACITY), np.nan)
        self.exact = np.zeros(CAPACITY, bool)

    def take(self, places: Array, values: Array, first: int) -> None:
        """Values into their bins; ``first`` is 0 for values and 2 for gradients."""
        np.fmin.at(self.bins[first], places, values)
        np.fmax.at(self.bins[first + 1], places, values)

    def halve(self) -> None:
        """Pairs of bins become one."""
        half = CAPACITY // 2
        for number, pick in enumerate((np.fmin, np.fmax, np.fmin, np.fmax)):
            bins = self.bins[number]
            bins[:half] = pick(bins[0::2], bins[1::2])
        self.bins[:, half:] = np.nan
        self.exact[:half] = self.exact[0::2] & self.exact[1::2]
        self.exact[half:] = False

    def forget(self, place: int) -> None:
        """Nothing is known from a bin on."""
        self.bins[:, place:] = np.nan
        self.exact[place:] = False


class Bins:
    """The bins of all weights that are followed on one loss curve, from update ``start`` on."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.width = 1
        self._rows: dict[Name, _Row] = {}
        self._now: tuple[_Row, ...] = ()

    def copy(self) -> Bins:
        """The same, to go another way from here."""
        made = copy.copy(self)
        made._rows = copy.deepcopy(self._rows)
        made._now = ()
        return made

    def cover(self, names: Sequence[Name]) -> None:
        """From now on these are noted, in this order."""
        for name in names:
            self._rows[name] = self._rows.pop(name) if name in self._rows else _Row()
        for name in list(self._rows)[: max(0, len(self._rows) - MOST_ROWS)]:
            del self._rows[name]
        self._now = tuple(self._rows[name] for name in names)

    def note(self, update: int, values: Array, slopes: bool = False) -> None:
        """One number of each weight: its value before an update, or its gradient in it."""
        if update < self.start:
            return
        place = np.array([self._place(update)])
        for row, value in zip(self._now, values, strict=True):
            row.take(place, np.array([value]), 2 if slopes else 0)

    def enter(self, first: int, values: Array, slopes: Array, since: int) -> None:
        """Some updates in a row, (updates, weights); all from ``since`` on were entered before."""
        end = first + len(values)
        self._place(end)
        places = (np.arange(first, end) - self.start) // self.width
        whole = slice(
            -(-(max(since, self.start) - self.start) // self.width), (end - self.start) // self.width
        )
        for number, row in enumerate(self._now):
            row.take(places, values[:, number], 0)
            row.take(places, slopes[:, number], 2)
            row.exact[max(whole.start, (first - self.start) // self.width) : whole.stop] = True

    def forget_after(self, update: int) -> None:
        """What was noted from an update on is true no longer."""
        place = max(0, self._place(update))
        for row in self._rows.values():
            row.forget(place)

    def first_gap(self, end: int, begin: int = 0) -> int | None:
        """The first update from ``begin`` and before ``end`` in a bin that is not exact for all weights."""
        last = (end - self.start) // self.width
        first = max(0, -((self.start - begin) // self.width))
        if last <= first or not self._now:
            return None
        known = np.logical_and.reduce([row.exact[first:last] for row in self._now])
        return None if known.all() else self.start + (first + int(np.argmin(known))) * self.width

    def history(self, names: Sequence[Name], present: int, complete: bool) -> History:
        """All that is known of some weights."""
        known = [np.isfinite(row.bins[0]) for row in self._now]
        used = np.logical_or.reduce(known) if known else np.zeros(1, bool)
        count = CAPACITY - int(np.argmax(used[::-1])) if used.any() else 0
        first = int(np.argmax(used)) if used.any() else 0
        courses = {
            name: Course(*row.bins[:, :count].copy()) for name, row in zip(names, self._now, strict=True)
        }
        last = max(first, min(count, (present - self.start) // self.width))
        every = 1
        for row, there in zip(self._now, known, strict=True):
            loose = ~row.exact[first:last]
            if loose.any():
                noted = int((loose & there[first:last]).sum())
                every = max(every, round(int(loose.sum()) * self.width / max(1, noted)))
        every = max(every, 2) if every > 1 or self._loose(first, last) else 1
        return History(self.start, self.width, courses, every, self.start + first * self.width, complete)

    def _loose(self, first: int, last: int) -> bool:
        return any(not row.exact[first:last].all() for row in self._now)

    def _place(self, update: int) -> int:
        """The bin of an update; the bins become wider until there is one."""
        while (update - self.start) // self.width >= CAPACITY:
            for row in self._rows.values():
                row.halve()
            self.width *= 2
        return (update - self.start) // self.width
