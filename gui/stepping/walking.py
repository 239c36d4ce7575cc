"""Walking: strides of the walkthrough, forwards and backwards, also across updates and epochs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.trace import Trace
from gui.stepping.goals import Goal
from gui.stepping.retracing import Made, Press, Retracing
from gui.stepping.travelling import Travelling
from gui.stepping.walk import Level, Spot, Walk
from gui.stepping.ways import INTO, OUT, Landing, Ways
from gui.walkthrough.predicting import Predicting

if TYPE_CHECKING:
    from engine.diagnosis import Verdict
    from gui.workspace import Workspace


class Walking:
    """The walk of a workspace; ``walk`` is ``None`` outside one.

    At the end of an update the next one begins; before its first step the one before is undone. A
    press that comes before the trace that it needs is made as soon as that is there.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.walk: Walk | None = None
        self.predicting = Predicting()
        self.size = Level.TERM
        """The chosen size of a step: the level on which one walks over, from which into and out."""
        self.level = Level.TERM
        """The size of the last stride forward."""
        self.playing = False
        """Whether the walk goes on by itself: then it halts at breakpoints however small its steps are."""
        self.halted = False
        """Whether the last press ended at a breakpoint."""
        self._retracing = Retracing()
        self._ways, self._travelling = Ways(self), Travelling(workspace)
        self._queue: list[Press] | None = None
        """Presses made while a trace is on its way."""

    @property
    def settled(self) -> bool:
        """Whether no trace is awaited."""
        return self._queue is None

    # ---------------------------------------------------------------- presses

    def forward(self, level: Level = Level.TERM) -> None:
        """One stride on; where a number is to be predicted it is shown first."""
        self.level = level
        self._press(Press(level))

    def back(self, level: Level = Level.TERM) -> None:
        """One stride back."""
        self._press(Press(level, False))

    def into(self, onward: bool = True) -> None:
        """To the next finer level, and its first stride."""
        self._press(Press(INTO, onward))

    def over(self, onward: bool = True) -> None:
        """One stride of the chosen size."""
        self.level = self.size if onward else self.level
        self._press(Press(self.size, onward))

    def out(self, onward: bool = True) -> None:
        """To the end of what encloses the present level, or before its beginning; on with that level."""
        self._press(Press(OUT, onward))

    def run(self, goal: Goal, onward: bool = True) -> None:
        """On until a goal is known, in the next update if need be; or back to where it was known last."""
        self._press(Press(goal, onward))

    def go_to(self, number: int) -> None:
        """To a step of the present update; −1 is before the first."""
        if self.walk is not None:
            self._stand(replace(self.walk, at=max(-1, min(number, len(self.walk.trace) - 1))))

    def go(self, spot: Spot) -> None:
        """To a step of any update."""
        self.workspace.training.pause()
        self._go(spot)

    def choose(self, size: Level) -> None:
        """Another size of a step."""
        if size is not self.size:
            self.size = size
            self.workspace.state_changed.emit()

    # ---------------------------------------------------------------- predicting

    def predict(self, on: bool) -> None:
        """Whether the next number is hidden until it is predicted."""
        self.predicting.on = on
        if self.walk is not None:
            self._stand(self.walk)
        self.workspace.state_changed.emit()

    def answer(self, value: float) -> Verdict | None:
        """Judge a prediction; a right one shows the number."""
        if self.walk is None or not self.walk.hidden:
            return None
        verdict = self.predicting.answer(self.walk, value)
        self._stand(self.walk)
        return verdict

    def reveal(self) -> None:
        """Show the number that was to be predicted."""
        if self.walk is not None and self.walk.hidden:
            self.predicting.reveal(self.walk)
            self._stand(self.walk)

    # ---------------------------------------------------------------- ending

    def leave(self) -> None:
        """End the walk; the network stays as it was before the update that was walked."""
        self.forget()
        self.predicting.forget()
        self._retracing.forget()
        if self.walk is not None:
            self.walk = None
            self.workspace.walk_changed.emit()

    def forget(self) -> None:
        """No trace will come: presses that waited for it are dropped."""
        self._queue = None
        self._travelling.forget()

    # ---------------------------------------------------------------- for the ways

    def travel(
        self,
        press: Press | None,
        update: int | None,
        landing: Landing,
        size: Level,
        start: Spot | None = None,
        tries: int = 0,
    ) -> None:
        """Stand in another update as soon as its trace is there; ``None`` is the one that comes next."""
        self._queue = []
        here = self.walk.spot if self.walk is not None else None
        start = start or here

        def arrive(trace: Trace) -> None:
            presses, self._queue = self._queue, None
            if presses is None or trace.document != self.workspace.document:
                return
            number = landing(trace) if update in {None, trace.step_number} else -1
            if number is None and press is not None and isinstance(press.what, Goal):
                self.walk = Walk(trace, len(trace) - 1 if press.onward else -1)
                self._ways.run(press, press.what, start, tries - 1)
            else:
                self.land(press, Walk(trace, -1 if number is None else number), size, start)
            for each in presses:
                self._press(each)

        self._travelling.go(None if here is None else here[0], update, arrive)

    def begin_with(self, press: Press) -> None:
        """The walk begins before its first step; from there the press is made."""
        self.travel(None, None, lambda _: -1, self.size)
        if self._queue is not None:
            self._queue.append(press)

    def land(self, press: Press | None, walk: Walk, size: Level, start: Spot | None = None) -> None:
        """The press is made: stand there, and remember where it came from."""
        start = start or (self.walk.spot if self.walk is not None else (walk.spot[0], -1))
        if press is not None:
            self._retracing.note(Made(press, start, walk.spot, self.size))
        self.choose(size)
        self._stand(walk)

    # ---------------------------------------------------------------- within

    def _press(self, press: Press) -> None:
        self.workspace.training.pause()
        if self._queue is not None:
            self._queue.append(press)
            return
        walk, self.halted = self.walk, False
        if walk is not None and walk.hidden and press.onward:
            self.reveal()
            return
        made = self._retracing.opposite(press, walk.spot if walk is not None else None)
        if made is not None:
            self.choose(made.size)
            self._go(made.start)
        else:
            self._ways.go(press)

    def _go(self, spot: Spot) -> None:
        update, at = spot
        if self.walk is not None and update == self.walk.spot[0]:
            self.go_to(at)
        else:
            self.travel(None, update, lambda trace: min(at, len(trace) - 1), self.size)

    def _stand(self, walk: Walk) -> None:
        """Stand there; all look at the example that is walked."""
        self.walk = walk = replace(walk, hidden=self.predicting.hides(walk))
        example = walk.example
        number = None if example is None else walk.trace.number_in_data(example)
        if number is not None and number != self.workspace.example:
            self.workspace.choose_example(number)
        self.workspace.walk_changed.emit()


def _last(trace: Trace) -> int:
    """The last step."""
    return len(trace) - 1
