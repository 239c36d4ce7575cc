"""What a schedule is."""

from __future__ import annotations

from typing import ClassVar

from engine.core.expressions import Expression
from engine.core.registry import Kind, Registry


class Schedule(Kind):
    """The rate of update t (counted from 0, in the whole training) is ``α s(t)``."""

    steady: ClassVar[bool] = False
    """Whether s is always 1."""
    words: ClassVar[tuple[str, str]] = ("", "")
    """s(t) as an equation and as code."""
    rank: ClassVar[int] = 100

    def factor(self, update: int) -> float:
        """s(t); it depends on t alone."""
        raise TypeError(f"{type(self).__name__} gives no factor")

    def cell(self, update: int) -> Expression:
        """How s(t) comes about, with the numbers of that update."""
        raise TypeError(f"{type(self).__name__} explains nothing")


schedules: Registry[Schedule] = Registry("schedule", "engine.schedules")
