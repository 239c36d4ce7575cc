"""Walking: strides of the walkthrough, forwards and backwards, also across updates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.session import Advance, Seek
from engine.session.probes import Tracing
from engine.trace import Trace
from gui.walk import Level, Walk
from gui.walkthrough.predicting import Predicting

if TYPE_CHECKING:
    from engine.diagnosis import Verdict
    from gui.workspace import Workspace


class Walking:
    """The walk of a workspace; ``walk`` is ``None`` outside one.

    At the end of an update the next one begins; before its first step the one before is undone.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.walk: Walk | None = None
        self.predicting = Predicting()
        self.level = Level.TERM
        """The size of the last stride forward."""
        self._strides: list[tuple[bool, Level]] | None = None
        """Strides asked for while a trace is on its way."""

    @property
    def settled(self) -> bool:
        """Whether no trace is awaited."""
        return self._strides is None

    def forward(self, level: Level = Level.TERM) -> None:
        """One stride on; where a number is to be predicted it is shown first."""
        workspace, walk = self.workspace, self.walk
        workspace.training.pause()
        self.level = level
        if self._strides is not None:
            self._strides.append((True, level))
        elif walk is None:
            self._begin(True, level)
        elif walk.hidden:
            self.reveal()
        elif walk.at < len(walk.trace) - 1:
            self._move(replace(walk, at=walk.forward(level)))
        else:
            workspace.link.send(Advance(1))
            workspace.editing.keep_learning(force=True)
            self._begin(True, level)

    def back(self, level: Level = Level.TERM) -> None:
        """One stride back."""
        workspace, walk = self.workspace, self.walk
        workspace.training.pause()
        if self._strides is not None:
            self._strides.append((False, level))
            return
        if walk is not None and walk.at >= 0:
            self._move(replace(walk, at=walk.back(level)))
            return
        step = walk.trace.step_number if walk is not None else workspace.snapshot.step
        if step <= workspace.snapshot.back_to:
            workspace.say("This is the beginning. Ctrl+Z takes back the last edit.")
            return
        workspace.link.send(Seek(step - 1))
        workspace.editing.keep_learning(force=True)
        self._begin(False, level)

    def go_to(self, number: int) -> None:
        """To a step of the present update; −1 is before the first."""
        if self.walk is not None:
            self._move(replace(self.walk, at=max(-1, min(number, len(self.walk.trace) - 1))))

    def predict(self, on: bool) -> None:
        """Whether the next number is hidden until it is predicted."""
        self.predicting.on = on
        if self.walk is not None:
            self._move(self.walk)
        self.workspace.state_changed.emit()

    def answer(self, value: float) -> Verdict | None:
        """Judge a prediction; a right one shows the number."""
        if self.walk is None or not self.walk.hidden:
            return None
        verdict = self.predicting.answer(self.walk, value)
        self._move(self.walk)
        return verdict

    def reveal(self) -> None:
        """Show the number that was to be predicted."""
        if self.walk is not None and self.walk.hidden:
            self.predicting.reveal(self.walk)
            self._move(self.walk)

    def leave(self) -> None:
        """End the walk; the network stays as it was before the update that was walked."""
        self._strides = None
        self.predicting.forget()
        if self.walk is not None:
            self.walk = None
            self.workspace.walk_changed.emit()

    def forget(self) -> None:
        """No trace will come: strides that waited for it are dropped."""
        self._strides = None

    def _begin(self, forward: bool, level: Level) -> None:
        """Ask for a trace of the next update; begin at its first stride or after its last step.

        Strides that are asked for before the trace is there are made as soon as it is.
        """
        self._strides = []

        def begin(trace: Trace) -> None:
            strides, self._strides = self._strides, None
            if strides is None or trace.document != self.workspace.document:
                return
            walk = Walk(trace)
            self._move(replace(walk, at=walk.forward(level) if forward else len(trace) - 1))
            for onward, size in strides:
                (self.forward if onward else self.back)(size)

        self.workspace.link.ask(Tracing(), begin)

    def _move(self, walk: Walk) -> None:
        """Stand there; all look at the example that is walked."""
        self.walk = walk = replace(walk, hidden=self.predicting.hides(walk))
        example = walk.example
        number = None if example is None else walk.trace.number_in_data(example)
        if number is not None and number != self.workspace.example:
            self.workspace.choose_example(number)
        self.workspace.walk_changed.emit()
