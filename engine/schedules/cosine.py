"""A learning rate that falls along a cosine."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.core.expressions import Expression, Function, Number, Product, Quotient, Sum, minus
from engine.core.knobs import knob
from engine.schedules.base import Schedule, schedules


@schedules.add("cosine")
@dataclass(frozen=True)
class Cosine(Schedule):
    """``s(t) = s_min + (1 − s_min) (1 + cos(π t/n))/2`` for t < n, from then on ``s_min``.

    It begins at 1, is half way down after n/2 updates and arrives level. Source: Loshchilov and
    Hutter, *SGDR: stochastic gradient descent with warm restarts*, 2017, equation 5 with one period.
    """

    title = "Cosine"
    summary = "The learning rate falls slowly, then fast, then slowly again, to a floor where it stays."
    words = (
        "s(t) = s_min + (1 − s_min) (1 + cos(π t/n))/2",
        "s = floor + (1 - floor) * (1 + cos(pi * min(t / n, 1))) / 2",
    )
    rank = 40

    updates: int = knob(10_000, "Updates to the floor", symbol="n", minimum=1, maximum=10_000_000)
    floor: float = knob(
        0.0, "Floor", symbol="s_min", minimum=0.0, maximum=1.0, help="The share of the rate that stays."
    )

    def factor(self, update: int) -> float:
        if update >= self.updates:
            return self.floor
        return self.floor + (1.0 - self.floor) * (1.0 + self._cosine(update)) / 2.0

    def cell(self, update: int) -> Expression:
        floor, one = Number(self.floor), Number(1.0)
        if update >= self.updates:
            return floor
        angle = Quotient(Product((Number(math.pi, "π"), Number(update))), Number(self.updates))
        wave = Sum((one, Function("cos", angle, Number(self._cosine(update)))))
        return Sum((floor, Product((minus(one, floor), Quotient(wave, Number(2.0))))))

    def _cosine(self, update: int) -> float:
        return math.cos(math.pi * update / self.updates)
