"""The subject of the formula panel: which number it explains, of which trace, and how one came there."""

from __future__ import annotations

from engine.core.expressions import Ref
from engine.trace import Trace
from gui.explaining import Asked
from gui.walkthrough.single_trace import SingleTrace, found_in
from gui.walkthrough.unfolding import Unfolding
from gui.workspace import CellKey, Workspace

MOST_LIT = 200
"""More numbers than these do not light up for one formula."""


class Subject:
    """The number that was asked about, else the step or the selection, and those clicked since."""

    def __init__(self, workspace: Workspace, single: SingleTrace) -> None:
        self._workspace, self.single = workspace, single
        self.clicked: list[Ref] = []
        self._at: object = None
        self._tree: Unfolding | None = None
        self._answered: Asked | None = None

    # ---------------------------------------------------------------- which number

    @property
    def walked(self) -> bool:
        """Whether it is a number of the walk."""
        return self._workspace.walk is not None and self.single.subject is None

    @property
    def trace(self) -> Trace | None:
        """The trace whose numbers are shown."""
        walk = self._workspace.walk
        return walk.trace if walk is not None and self.walked else self.single.trace

    @property
    def ref(self) -> Ref | None:
        """The number that is explained; ``None`` while the page follows the walk, or for nothing."""
        if self.clicked:
            return self.clicked[-1]
        return None if self.walked else self.single.ref

    @property
    def unfolding(self) -> Unfolding | None:
        """What is unfolded of its expression tree."""
        trace, ref = self.trace, self.ref
        if trace is None or ref is None:
            return None
        if self._tree is None or self._tree.trace is not trace or self._tree.root.key != ref.key:
            self._tree = Unfolding(trace, ref)
        return self._tree

    def moved(self) -> bool:
        """Look where the walk, the question and the selection are; whether they are elsewhere now."""
        walk = self._workspace.walk
        here = (walk.trace, walk.at) if walk is not None and self.walked else self.single.subject
        changed, self._at = here != self._at, here
        if changed:
            self.clicked = []
        self._answer_in_the_walk()
        return changed

    def asked_for(self) -> Ref | None:
        """The number that is asked about, in the trace that is shown."""
        asked, trace = self._workspace.explaining.asked, self.trace
        if asked is None or trace is None:
            return None
        walked = self.walked
        return found_in(trace, asked.cell, (asked.cell[3] or 0) if walked else 0)

    def _answer_in_the_walk(self) -> None:
        """A number that is asked about while one walks: the trail leads from the step to it."""
        asked = self._workspace.explaining.asked
        if asked is self._answered or not self.walked:
            return
        self._answered = asked
        ref = self.asked_for()
        self.clicked = [] if ref is None else [ref]

    # ---------------------------------------------------------------- what it is called elsewhere

    def outside(self, key: CellKey) -> CellKey:
        """The number as the window calls it: without a walk an example has its number in the data."""
        trace, (owner, array, index, example) = self.trace, key
        if trace is None or example is None or self.walked:
            return key
        number = trace.number_in_data(example)
        return key if number is None else (owner, array, index, number)

    def inside(self, key: CellKey) -> CellKey:
        """The number as the trace calls it."""
        trace, (owner, array, index, example) = self.trace, key
        if trace is None or example is None or self.walked or example not in trace.examples:
            return key
        return owner, array, index, trace.examples.index(example)

    def lit(self) -> frozenset[CellKey]:
        """What lights up with the number: itself, and what it is made of."""
        trace, ref = self.trace, self.ref
        if trace is None or ref is None or (not self.clicked and self._workspace.explaining.asked is None):
            return frozenset()
        made = self.unfolding.children(ref) if self.unfolding is not None else ()
        found = [ref.key, *(each.key for each in made)]
        return frozenset(self.outside(key) for key in found[:MOST_LIT])
