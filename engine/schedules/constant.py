"""A constant learning rate."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.expressions import Expression, Number
from engine.schedules.base import Schedule, schedules


@schedules.add("constant")
@dataclass(frozen=True)
class Constant(Schedule):
    """``s(t) = 1``."""

    title = "Constant"
    summary = "The learning rate stays as it is set."
    steady = True
    words = ("s(t) = 1", "s = 1")
    rank = 10

    def factor(self, update: int) -> float:
        return 1.0

    def cell(self, update: int) -> Expression:
        return Number(1.0)
