"""A small loss."""

from __future__ import annotations

from dataclasses import dataclass

from engine.breakpoints.base import Breakpoint, Now, breakpoints
from engine.core.knobs import knob
from engine.layout import Layout


@breakpoints.add("loss_below")
@dataclass(frozen=True)
class LossBelow(Breakpoint):
    """J of an update, on its batch and before it changes the weights, falls below a bound."""

    title = "Loss below a bound"
    summary = "Stops when the loss J of an update falls below a bound."
    rank = 20

    bound: float = knob(0.05, "Bound", symbol="J", help="The loss of the batch, as the curve shows it.")

    def said(self, layout: Layout) -> str:
        return f"the loss J falls below {self.bound:g}"

    def look(self, now: Now, before: float | None) -> float | None:
        return now.J

    def check(self, before: float | None, after: float | None, now: Now) -> str:
        if after is None or not after < self.bound or (before is not None and before < self.bound):
            return ""
        return f"the loss J = {after:.4g} is below {self.bound:g}."
