"""A gradient that vanishes or explodes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.breakpoints.base import Breakpoint, Now, breakpoints, gone, learned_of, titled
from engine.core.knobs import knob
from engine.datasets import Data
from engine.layout import Layout


@breakpoints.add("gradient")
@dataclass(frozen=True)
class GradientPasses(Breakpoint):
    """``‖∂J/∂θ‖`` over the parameters of a layer, or of all, passes a bound."""

    title = "Gradient below or above a bound"
    summary = "Stops when the norm of a layer's gradient falls below or rises above a bound."
    rank = 60

    layer: str = knob("", "Layer", help="Its id; empty for the whole network.")
    passes: str = knob("below", "Goes", choices=("below", "above"))
    bound: float = knob(0.001, "Bound", symbol="‖dθ‖", minimum=0.0, help="The square root of Σ (∂J/∂θ)².")

    def said(self, layout: Layout) -> str:
        return f"the gradient of {self._of(layout)} goes {self.passes} {self.bound:g}"

    def unfit(self, layout: Layout, data: Data) -> str:
        lost = gone(layout, self.layer)
        return lost or ("" if learned_of(layout, self.layer) else "The layer has nothing to learn.")

    def look(self, now: Now, before: float | None) -> float | None:
        if now.gradients is None:
            return None
        squares = [
            float(np.square(now.gradients[key], dtype=np.float64).sum())
            for key in learned_of(now.layout, self.layer)
        ]
        return math.sqrt(sum(squares))

    def check(self, before: float | None, after: float | None, now: Now) -> str:
        if after is None or not self._holds(after) or (before is not None and self._holds(before)):
            return ""
        return (
            f"the norm of the gradient of {self._of(now.layout)} is {after:.3g},"
            f" {self.passes} {self.bound:g}."
        )

    def _holds(self, norm: float) -> bool:
        return norm < self.bound if self.passes == "below" else norm > self.bound

    def _of(self, layout: Layout) -> str:
        return titled(layout, self.layer) if self.layer else "the whole network"
