"""The walk: where a walkthrough stands within the trace of one update."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.plan import Phase
from engine.core.steps import Step
from engine.sections import Section
from engine.trace import Trace
from gui.stepping.strides import LEVELS, Level, stride

__all__ = ["LEVELS", "Level", "Spot", "Walk"]

Spot = tuple[int, int]
"""A place in the training: the number of an update and of a step in it; −1 is before its first step."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A trace and the number of its step that was done last; −1 before the first.

    ``hidden`` says that the number of this step is to be predicted: nobody may show it yet.
    """

    trace: Trace
    at: int = -1
    hidden: bool = False

    @property
    def spot(self) -> Spot:
        """Where it stands in the whole training."""
        return self.trace.step_number, self.at

    @property
    def done(self) -> int:
        """The last step whose number may be seen."""
        return self.at - 1 if self.hidden else self.at

    @property
    def step(self) -> Step | None:
        """The step that was done last."""
        return self.trace[self.at] if self.at >= 0 else None

    @property
    def section(self) -> Section | None:
        """The section it lies in."""
        return self.trace.section_of(self.at)[1] if self.at >= 0 else None

    @property
    def example(self) -> int | None:
        """The column of the example that is being walked, if the step belongs to one."""
        section = self.section
        return section.example if section is not None else 0

    @property
    def phase(self) -> Phase | None:
        """The phase it stands in."""
        section = self.section
        return section.phase if section is not None else None

    def known(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> bool:
        """Whether the walk has calculated that number already."""
        number = self.trace.number_of(owner, array, index, example)
        return number is not None and number <= self.done

    def value(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> float | None:
        """The number of a cell if the walk has calculated it already."""
        if not self.known(owner, array, index, example):
            return None
        return self.trace.value(owner, array, index, example)

    def forward(self, level: Level) -> int:
        """The step at which a stride of that size ends; the last step at the most."""
        return stride(self.trace, min(self.at + 1, len(self.trace) - 1), level)[1]

    def back(self, level: Level) -> int:
        """The step before the stride of that size in which the walk stands."""
        return stride(self.trace, self.at, level)[0] - 1 if self.at >= 0 else -1

    def out(self, level: Level) -> tuple[int, Level]:
        """The end of what encloses strides of a level, the innermost that is not finished yet; its level.

        At the end of the update that is the epoch, whose end is no step of this trace.
        """
        for outer in level.coarser or (Level.EPOCH,):
            end = stride(self.trace, self.at, outer)[1] if self.at >= 0 else len(self.trace) - 1
            if outer is Level.EPOCH or (end > self.at and (self.at >= 0 or outer is Level.UPDATE)):
                return end, outer
        return self.at, Level.EPOCH
