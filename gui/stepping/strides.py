"""Strides: which steps of an update belong together at every level, from a term to the whole update.

A stride is found from the numbers of steps that the sections of a trace know; no step is made for it,
so that it takes no longer in an update of millions of steps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from enum import StrEnum

from engine.core.plan import Phase
from engine.sections import Section
from engine.trace import Trace


class Level(StrEnum):
    """How large a step is, from the smallest to the largest. A batch is what one update learns from."""

    TERM = "term"
    NEURON = "neuron"
    LAYER = "layer"
    PHASE = "phase"
    EXAMPLE = "example"
    UPDATE = "update"
    EPOCH = "epoch"

    @property
    def finer(self) -> Level:
        """The next smaller level; a term has none below it."""
        return LEVELS[max(0, LEVELS.index(self) - 1)]

    @property
    def coarser(self) -> tuple[Level, ...]:
        """All larger levels, the next one first."""
        return LEVELS[LEVELS.index(self) + 1 :]


LEVELS = tuple(Level)


def stride(trace: Trace, number: int, level: Level) -> tuple[int, int]:
    """The first and the last step of the stride of that size in which a step lies."""
    if level is Level.TERM:
        return number, number
    if level in {Level.UPDATE, Level.EPOCH}:
        return 0, len(trace) - 1
    place, section = trace.section_of(number)
    if level is Level.NEURON:
        return _of_neuron(trace, place, number)
    first = last = place
    if level is not Level.LAYER:
        alike = _alike(trace, section, level)
        while first > 0 and alike(trace.sections[first - 1]):
            first -= 1
        while last < len(trace.sections) - 1 and alike(trace.sections[last + 1]):
            last += 1
    return trace.starts[first], trace.starts[last + 1] - 1


def example_of(trace: Trace, section: Section) -> int | None:
    """The column that a section is about. The mean loss J stands with the last example's loss."""
    if section.example is None and section.phase is Phase.LOSS:
        return trace.m - 1
    return section.example


def _alike(trace: Trace, section: Section, level: Level) -> Callable[[Section], bool]:
    example, phase = example_of(trace, section), section.phase

    def alike(other: Section) -> bool:
        here = example_of(trace, other) == example
        return here and (level is Level.EXAMPLE or other.phase is phase)

    return alike


def _of_neuron(trace: Trace, place: int, number: int) -> tuple[int, int]:
    """All numbers of one neuron; in an image or a sequence those of one cell, for a channel has thousands."""
    section, start = trace.sections[place], trace.starts[place]
    node = trace.layout.nodes.get(section.owner)
    runs = section.passage.runs[node is not None and len(node.shape) > 1]
    which = bisect_right(runs, number - start)
    return start + runs[which - 1], start + runs[which] - 1
