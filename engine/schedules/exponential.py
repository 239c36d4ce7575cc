"""A learning rate that decays exponentially."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.expressions import Expression, Number, Power
from engine.core.knobs import knob
from engine.schedules.base import Schedule, schedules


@schedules.add("exponential")
@dataclass(frozen=True)
class Exponential(Schedule):
    """``s(t) = γᵗ``: after ``ln 2 / (1 − γ)`` updates about half is left.

    PyTorch's ``ExponentialLR`` with updates instead of epochs.
    """

    title = "Exponential decay"
    summary = "The learning rate loses the same share at every update."
    words = ("s(t) = γᵗ", "s = gamma**t")
    rank = 30

    gamma: float = knob(0.999, "Factor an update", symbol="γ", minimum=0.0, maximum=1.0)

    def factor(self, update: int) -> float:
        return float(self.gamma**update)

    def cell(self, update: int) -> Expression:
        return Power(Number(self.gamma), update)
