"""The end of an epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.breakpoints.base import Breakpoint, Now, breakpoints
from engine.core.knobs import knob
from engine.layout import Layout


@breakpoints.add("epoch")
@dataclass(frozen=True)
class EpochReached(Breakpoint):
    """So many epochs, or updates, of the whole training are done."""

    title = "Epoch or update reached"
    summary = "Stops when so many epochs or updates are done."
    rank = 10

    number: int = knob(20, "Number", minimum=1, maximum=1_000_000_000)
    count: str = knob("epochs", "Counted in", choices=("epochs", "updates"))

    def said(self, layout: Layout) -> str:
        return f"{self.count[:-1]} {self.number:,} is done"

    def check(self, before: Any, after: Any, now: Now) -> str:
        if self.count == "updates":
            return "the number that was set is reached." if now.step == self.number else ""
        return f"epoch {self.number:,} is done." if now.step == self.number * now.epoch else ""
