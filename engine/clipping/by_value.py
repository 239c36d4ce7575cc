"""Clipping each component of the gradient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.clipping.base import Clipping, clippings
from engine.core.expressions import Expression, Function, Maximum, Negative, Number, Ref
from engine.core.knobs import knob
from engine.optimizers.base import UpdatePlace


@clippings.add("by_value")
@dataclass(frozen=True)
class ByValue(Clipping):
    """``g_i := max(−c, min(c, g_i))``: every component on its own, so the direction may change."""

    title = "By value"
    summary = "No component of the gradient gets larger than a bound."
    words = ("∂J/∂w := max(−c, min(c, ∂J/∂w))", "dW = clip(dW, -c, c)")
    rank = 30

    bound: float = knob(1.0, "Largest component", symbol="c", minimum=1e-12, maximum=1e12)

    def lines(self, p: UpdatePlace) -> None:
        g, low, high = p.gradient, p.plan.constant(-self.bound), p.plan.constant(self.bound)
        p.line("g := max(−c, min(c, g))", "gradient", partial(np.clip, g, low, high, out=g))

    def cells(self, before: Ref, after: Ref) -> tuple[tuple[Ref, Expression], ...]:
        smaller = Negative(Maximum((Negative(before), Number(-self.bound))))
        return ((after, Function("clip", before, Maximum((Number(-self.bound), smaller)))),)
