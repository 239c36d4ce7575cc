"""Goals: what one can run to, such as a neuron, a layer, a synapse, a phase; forwards and backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.core.expressions import references
from engine.core.place import Moment
from engine.core.plan import Phase
from engine.sections import Section
from engine.trace import Trace
from gui.stepping.strides import example_of


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be known at the end of a run. What is left open matches everything.

    ``index`` alone is a neuron, with ``array`` one number; of ``W.input`` (the weights from a layer)
    that is where the weight is used forwards, then its gradient, then its new value.
    """

    layers: frozenset[str] = frozenset()
    """One layer, or those of a group."""
    index: tuple[int, ...] | None = None
    array: str = ""
    phase: Phase | None = None
    example: int | None = None
    """A column of the batch."""

    def after(self, trace: Trace, at: int) -> int | None:
        """The first step after ``at`` by which it is known."""
        here = trace.section_of(at + 1)[0] if at + 1 < len(trace) else len(trace.sections)
        for place in range(here, len(trace.sections)):
            for end in self._ends(trace, place):
                if end > at:
                    return end
        return None

    def before(self, trace: Trace, at: int) -> int | None:
        """The last step before ``at`` by which it was known."""
        here = trace.section_of(at - 1)[0] if at > 0 else -1
        for place in range(here, -1, -1):
            for end in reversed(list(self._ends(trace, place))):
                if end < at:
                    return end
        return None

    def possible(self, trace: Trace) -> bool:
        """Whether any step of an update is about what is meant."""
        return any(self._means(trace, section) for section in trace.sections)

    def begins(self, trace: Trace, place: int) -> int | None:
        """The first step about it in a section."""
        if not self._means(trace, trace.sections[place]):
            return None
        if self.index is None:
            return trace.starts[place]
        return next((first for first, _ in self._stretches(trace, place)), None)

    # ---------------------------------------------------------------- within

    def _means(self, trace: Trace, section: Section) -> bool:
        return (
            (not self.layers or section.owner in self.layers)
            and (self.phase is None or section.phase is self.phase)
            and (self.example is None or example_of(trace, section) == self.example)
        )

    def _ends(self, trace: Trace, place: int) -> Iterator[int]:
        """The steps of a section by which it is known, in order."""
        section = trace.sections[place]
        if not self._means(trace, section):
            return
        if self.index is not None:
            yield from (last for _, last in self._stretches(trace, place))
        elif place + 1 == len(trace.sections) or not self._goes_on(trace, section, trace.sections[place + 1]):
            yield trace.starts[place + 1] - 1

    def _goes_on(self, trace: Trace, section: Section, following: Section) -> bool:
        """Whether the next section is still part of the same phase, or example, of what is meant."""
        if not self._means(trace, following) or example_of(trace, section) != example_of(trace, following):
            return False
        return section.phase is following.phase or not (self.layers or self.phase)

    def _stretches(self, trace: Trace, place: int) -> Iterator[tuple[int, int]]:
        """The first and last steps of the numbers in a section that are meant."""
        section, start, index = trace.sections[place], trace.starts[place], self.index
        assert index is not None
        if self.array.startswith("W.") and section.phase is Phase.FORWARD:
            yield from self._products(trace, place)
            return
        counts, depth = section.counts, len(index)
        if not self.array:
            meant = [
                which
                for which, moment in enumerate(section.moments)
                if moment.index[:depth] == index and not self._of_weight(trace, section, moment)
            ]
            if meant:
                yield start + counts[meant[0]], start + counts[meant[-1] + 1] - 1
            return
        arrays = {self.array, f"d{self.array}"} if self.array.startswith("W.") else {self.array}
        for which, moment in enumerate(section.moments):
            if moment.index == index and moment.array in arrays:
                yield start + counts[which], start + counts[which + 1] - 1

    def _of_weight(self, trace: Trace, section: Section, moment: Moment) -> bool:
        """Whether it is the gradient of a weight: what a neuron sends back is known before."""
        return section.phase is Phase.BACKWARD and f"{section.owner}.{moment.array[1:]}" in trace.layout.slots

    def _products(self, trace: Trace, place: int) -> Iterator[tuple[int, int]]:
        """Where a weight is multiplied on the way forward: the very product, or the number it goes into."""
        section, start, index = trace.sections[place], trace.starts[place], self.index
        assert index is not None
        for which, moment in enumerate(section.moments):
            if moment.array != "z" or moment.index[:1] != index[:1]:
                continue
            first, last = start + section.counts[which], start + section.counts[which + 1] - 1
            expression = trace.network.cell(section.owner, moment.array, moment.index, section.example or 0)
            terms = getattr(expression, "terms", ())
            for offset, term in enumerate(terms):
                if any(ref.array == self.array and ref.index == index for ref in references(term)):
                    known = first + offset if last - first + 1 >= len(terms) else last
                    yield known, known
                    break
            else:
                if any(ref.array == self.array and ref.index == index for ref in references(expression)):
                    yield last, last


def first_reached(trace: Trace, after: int, until: int, goals: tuple[Goal, ...]) -> tuple[int, Goal] | None:
    """The first step behind ``after``, up to ``until``, at which something of one of the goals begins."""
    if not goals or after >= until:
        return None
    for place in range(trace.section_of(after + 1)[0], trace.section_of(until)[0] + 1):
        begun = [(begin, goal) for goal in goals if (begin := goal.begins(trace, place)) is not None]
        found = [each for each in begun if after < each[0] <= until]
        if found:
            return min(found, key=lambda each: each[0])
    return None
