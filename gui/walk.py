"""The walk: where a walkthrough stands within the trace of one update."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.core.plan import Phase
from engine.core.steps import Step
from engine.trace import Section, Trace


class Level(StrEnum):
    """How large a step is."""

    TERM = "term"
    NEURON = "neuron"
    LAYER = "layer"
    PHASE = "phase"
    EXAMPLE = "example"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Walk:
    """A trace and the number of its step that was done last; −1 before the first.

    ``hidden`` says that the number of this step is to be predicted: nobody may show it yet.
    """

    trace: Trace
    at: int = -1
    hidden: bool = False

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
        return self.trace.lookup(self.trace.ref(owner, array, index, example))

    def forward(self, level: Level) -> int:
        """The step at which a stride of that size ends; the last step at the most."""
        last = len(self.trace) - 1
        start = min(self.at + 1, last)
        goal = self._mark(start, level)
        while start < last and self._mark(start + 1, level) == goal:
            start = self._skip(start, level)
        return start

    def back(self, level: Level) -> int:
        """The step before the stride of that size in which the walk stands."""
        if self.at < 0:
            return -1
        goal, here = self._mark(self.at, level), self.at
        while here >= 0 and self._mark(here, level) == goal:
            here = self._skip_back(here, level)
        return here

    def _mark(self, number: int, level: Level) -> object:
        """Equal for all steps of one stride."""
        if level is Level.TERM:
            return number
        place, section = self.trace.section_of(number)
        if level is Level.LAYER:
            return place
        if level is Level.PHASE:
            return (section.phase, section.example)
        if level is Level.EXAMPLE:
            return section.example
        if level is Level.UPDATE:
            return 0
        target = self.trace[number].target
        node = self.trace.layout.nodes.get(target.owner)
        if node is not None and len(node.shape) > 1:
            return (place, target.index)  # a channel would be thousands of steps
        return (place, target.index[:1])

    def _skip(self, number: int, level: Level) -> int:
        """The next step worth looking at: whole sections at once where the stride is larger."""
        if level in {Level.TERM, Level.NEURON}:
            return number + 1
        place, _ = self.trace.section_of(number)
        end = self.trace.starts[place + 1] - 1
        return end if number < end else self.trace.starts[place + 2] - 1

    def _skip_back(self, number: int, level: Level) -> int:
        if level in {Level.TERM, Level.NEURON}:
            return number - 1
        place, _ = self.trace.section_of(number)
        return self.trace.starts[place] - 1
