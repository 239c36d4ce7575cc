"""Ways: where a press of the walkthrough leads, within the present update or into another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from engine.trace import Trace
from gui.stepping.goals import Goal, first_reached
from gui.stepping.retracing import Press
from gui.stepping.walk import Level, Spot, Walk

if TYPE_CHECKING:
    from gui.stepping.walking import Walking

INTO, OUT = "into", "out"
TRIES = 2
"""Updates in which a goal is looked for: where updates take turns not every number is in each."""

Landing = Callable[[Trace], int | None]
"""Where to stand in a trace as soon as it is there; ``None`` where there is nothing to stand at."""


class Ways:
    """Goes the way of a press; ``walking`` is told where it ends.

    Breakpoints are halted at on the way forwards: by all that is larger than a neuron, and by
    every stride while the walk goes on by itself.
    """

    def __init__(self, walking: Walking) -> None:
        self._walking = walking

    def go(self, press: Press) -> None:
        """Whatever was pressed."""
        size = self._walking.size
        if isinstance(press.what, Goal):
            self.run(press, press.what)
        elif isinstance(press.what, Level):
            self._stride(press, press.what, size)
        elif press.what == INTO:
            self._stride(press, size.finer, size.finer)
        else:
            self._out(press)

    def run(self, press: Press, goal: Goal, start: Spot | None = None, tries: int = TRIES) -> None:
        """To where a goal is known; ``start`` is where the run began, in another update maybe."""
        walking, walk, size = self._walking, self._walking.walk, self._walking.size
        if walk is None:
            walking.travel(press, None, lambda trace: self._ahead(trace, -1, goal), size, start, tries)
            return
        number = self._ahead(walk.trace, walk.at, goal) if press.onward else goal.before(walk.trace, walk.at)
        if number is not None:
            walking.land(press, replace(walk, at=number), size, start)
        elif not tries or not goal.possible(walk.trace):
            walking.land(None, walk, size)
            walking.workspace.say(tr("No step of these updates is about that."))
        elif press.onward:
            onward = lambda trace: self._ahead(trace, -1, goal)  # noqa: E731
            walking.travel(press, walk.spot[0] + 1, onward, size, start, tries)
        else:
            behind = lambda trace: goal.before(trace, len(trace))  # noqa: E731
            self._before(press, walk.spot[0] - 1, behind, size, start, tries)

    # ---------------------------------------------------------------- strides

    def _stride(self, press: Press, level: Level, size: Level) -> None:
        walking, walk = self._walking, self._walking.walk
        if level is Level.EPOCH and walk is not None:
            self._epoch(press, walk, size)
        elif level is Level.EPOCH and press.onward:
            walking.begin_with(press)
        elif press.onward and walk is None:
            walking.travel(press, None, lambda trace: self._next(trace, -1, level), size)
        elif press.onward and walk is not None and walk.at < len(walk.trace) - 1:
            walking.land(press, replace(walk, at=self._next(walk.trace, walk.at, level)), size)
        elif press.onward and walk is not None:
            walking.travel(press, walk.spot[0] + 1, lambda trace: self._next(trace, -1, level), size)
        elif walk is not None and walk.at >= 0:
            walking.land(press, replace(walk, at=walk.back(level)), size)
        else:
            step = walking.workspace.snapshot.step if walk is None else walk.spot[0]
            whole = walk is not None and level is Level.UPDATE
            self._before(press, step - 1, (lambda _: -1) if whole else _last, size)

    def _epoch(self, press: Press, walk: Walk, size: Level) -> None:
        """To the end of the epoch's last update, or to the beginning of its first one."""
        position, (update, at) = walk.trace.position, walk.spot
        count = position.an_epoch if position is not None else 1
        first = update // count * count
        if not press.onward:
            first -= count if walk.spot == (first, -1) else 0
            first = max(first, self._walking.workspace.snapshot.back_to)
            self._before(press, first if walk.spot != (first, -1) else -1, lambda _: -1, size)
            return
        last, stops = first + count - 1, self._stops(Level.EPOCH)
        if at == len(walk.trace) - 1:
            last += count if update == last else 0
        elif update == last or stops:
            number = self._next(walk.trace, at, Level.EPOCH)
            if update == last or self._walking.halted:
                self._walking.land(press, replace(walk, at=number), size)
                return
        if stops:  # what every update calculates is reached in the next one already
            last = min(last, update + 1)
        self._walking.travel(press, last, lambda trace: self._next(trace, -1, Level.EPOCH), size)

    def _out(self, press: Press) -> None:
        walking, walk = self._walking, self._walking.walk
        if walk is None:
            self._stride(press, Level.UPDATE, Level.UPDATE)
        elif press.onward:
            end, level = walk.out(walking.size)
            if level is Level.EPOCH:
                self._epoch(press, walk, level)
            else:
                walking.land(press, replace(walk, at=self._up_to(walk.trace, walk.at, end)), level)
        else:
            level = next(iter(walking.size.coarser), Level.EPOCH)
            self._stride(press, level if walk.at >= 0 else Level.EPOCH, level)

    def _before(
        self,
        press: Press,
        update: int,
        landing: Landing,
        size: Level,
        start: Spot | None = None,
        tries: int = 0,
    ) -> None:
        """To an earlier update, if there is one; before the first step of this one."""
        walking, walk = self._walking, self._walking.walk
        if walk is not None and walk.spot[0] == update and walk.at >= 0:
            walking.land(press, replace(walk, at=-1), size)
        elif update < walking.workspace.snapshot.back_to:
            walking.workspace.say(tr("This is the beginning. Ctrl+Z takes back the last edit."))
        else:
            walking.travel(press, update, landing, size, start, tries)

    # ---------------------------------------------------------------- breakpoints

    def _ahead(self, trace: Trace, at: int, goal: Goal) -> int | None:
        number = goal.after(trace, at)
        return None if number is None else self._up_to(trace, at, number)

    def _next(self, trace: Trace, at: int, level: Level) -> int:
        """The end of the next stride, or a breakpoint before it."""
        end = Walk(trace, at).forward(level)
        return self._up_to(trace, at, end) if self._stops(level) else end

    def _stops(self, level: Level) -> bool:
        small = level in {Level.TERM, Level.NEURON} and not self._walking.playing
        return not small and bool(self._walking.workspace.breakpoints.goals)

    def _up_to(self, trace: Trace, at: int, end: int) -> int:
        """That step, or one before it at which a breakpoint stands."""
        breakpoints = self._walking.workspace.breakpoints
        found = first_reached(trace, at, end, tuple(breakpoints.goals))
        if found is None:
            return end
        self._walking.halted = True
        breakpoints.reach(trace, *found)
        return found[0]


def _last(trace: Trace) -> int:
    """The last step."""
    return len(trace) - 1


def tr(text: str) -> str:
    """A sentence in the user's language."""
    return QCoreApplication.translate("Walking", text)
