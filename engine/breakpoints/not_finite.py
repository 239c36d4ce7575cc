"""A number that is no longer one: NaN, or infinite."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.breakpoints.base import Breakpoint, Now, breakpoints, gone, learned_of, titled
from engine.core.knobs import knob
from engine.datasets import Data
from engine.layout import Layout


@breakpoints.add("not_finite")
@dataclass(frozen=True)
class NotFinite(Breakpoint):
    """A weight, a bias or a gradient is NaN or ±∞ after an update.

    That is one update before the loss J shows it. A J that is not finite stops training in any case.
    """

    title = "NaN: a number is no longer finite"
    summary = (
        "Stops right after the update that makes a weight or a gradient NaN or infinite. Where the loss J is,"
        " training always stops."
    )
    rank = 70

    layer: str = knob("", "Layer", help="Its id; empty for every layer.")

    def said(self, layout: Layout) -> str:
        of = titled(layout, self.layer) if self.layer else "any layer"
        return f"a weight or gradient of {of} is NaN or infinite"

    def unfit(self, layout: Layout, data: Data) -> str:
        lost = gone(layout, self.layer)
        return lost or ("" if learned_of(layout, self.layer) else "The layer has nothing to learn.")

    def look(self, now: Now, before: str | None) -> str:
        """What is not finite, in words; empty if all is."""
        for what, arrays in (("weight", now.parameters), ("gradient", now.gradients or {})):
            for key in learned_of(now.layout, self.layer):
                if key in arrays and not np.isfinite(arrays[key]).all():
                    bad = arrays[key][~np.isfinite(arrays[key])]
                    said = "NaN" if np.isnan(bad).any() else "infinite"
                    return f"a {what} of {titled(now.layout, now.layout.slots[key].layer)} is {said}"
        return ""

    def check(self, before: str | None, after: str, now: Now) -> str:
        return f"{after}. The learning rate is probably too large." if after and not before else ""
