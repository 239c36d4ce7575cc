"""A learning rate that grows at first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from engine.core.expressions import Expression, Number, Quotient
from engine.core.knobs import knob
from engine.core.problems import KnobError
from engine.core.spec import Spec
from engine.schedules.base import Schedule, schedules


@schedules.add("warm_up")
@dataclass(frozen=True)
class WarmUp(Schedule):
    """``s(t) = (t + 1)/n`` for t < n, then ``s(t) = s_after(t − n)``.

    The first update has the rate α/n, the n-th the whole α; there the other schedule begins, as if
    the training began. Source: Goyal et al., *Accurate, large minibatch SGD*, 2017, section 2.2.

    Raises ``KnobError`` if a warm-up is to follow the warm-up.
    """

    title = "Warm-up"
    summary = "The learning rate grows from nearly nothing, then another schedule takes over."
    words = ("s(t) = (t + 1)/n for t < n, then s_after(t − n)", "s = (t + 1) / n if t < n else after(t - n)")
    rank = 90

    updates: int = knob(100, "Updates to the full rate", symbol="n", minimum=1, maximum=10_000_000)
    after: Spec = knob(Spec("constant"), "Afterwards", family="schedule")

    def __post_init__(self) -> None:
        if self.after.kind == self.kind:
            raise KnobError("A warm-up cannot be followed by another warm-up: choose another schedule.")

    def factor(self, update: int) -> float:
        if update < self.updates:
            return (update + 1) / self.updates
        return self._after.factor(update - self.updates)

    def cell(self, update: int) -> Expression:
        if update < self.updates:
            return Quotient(Number(update + 1), Number(self.updates))
        return self._after.cell(update - self.updates)

    @cached_property
    def _after(self) -> Schedule:
        return schedules.make(self.after)
