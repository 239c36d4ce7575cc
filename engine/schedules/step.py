"""A learning rate that falls in steps."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.expressions import Expression, Number, Power
from engine.core.knobs import knob
from engine.schedules.base import Schedule, schedules


@schedules.add("step")
@dataclass(frozen=True)
class Step(Schedule):
    """``s(t) = γ^⌊t/n⌋``: every n updates the rate is multiplied by γ.

    PyTorch's ``StepLR`` with updates instead of epochs.
    """

    title = "Steps"
    summary = "The learning rate falls to a share of itself every so many updates."
    words = ("s(t) = γ^⌊t/n⌋", "s = gamma ** (t // n)")
    rank = 20

    every: int = knob(1000, "Updates a step", symbol="n", minimum=1, maximum=10_000_000)
    gamma: float = knob(0.5, "Factor a step", symbol="γ", minimum=0.0, maximum=1.0)

    def factor(self, update: int) -> float:
        return float(self.gamma ** (update // self.every))

    def cell(self, update: int) -> Expression:
        return Power(Number(self.gamma), update // self.every)
