"""Walking on: strides one after the other at a pace, all alike or with a rest at the end of each phase."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from gui.stepping.strides import Level, stride
from gui.workspace import Workspace

LONGER = 4
"""So many times as long as a step is the rest at the end of a phase."""


class Rest(StrEnum):
    """What happens at the end of a phase."""

    NONE = "none"
    LONGER = "longer"
    STOP = "stop"


class WalkingOn(QObject):
    """It ends when the walk is left, training begins, or a breakpoint is reached."""

    changed = Signal()
    """It began or ended, or rests otherwise."""

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.pace = 2.0
        """Steps a second."""
        self.rest = Rest.NONE
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._one)

    @property
    def on(self) -> bool:
        """Whether the walk goes on by itself."""
        return self._workspace.walking.playing

    def start(self) -> None:
        """The first stride at once."""
        self._workspace.walking.playing = True
        self._stride()
        self.changed.emit()

    def stop(self) -> None:
        """Stand still after the present stride."""
        if self.on:
            self._workspace.walking.playing = False
            self._timer.stop()
            self.changed.emit()

    def set_pace(self, pace: float) -> None:
        """Steps a second."""
        self.pace = pace
        if self._timer.isActive():
            self._timer.start(round(1000 / pace))

    def set_rest(self, rest: Rest) -> None:
        """What happens at the end of a phase."""
        self.rest = rest
        self.changed.emit()

    def _one(self) -> None:
        left = self._workspace.walk is None and self._workspace.walking.settled
        if left or self._workspace.training.running:
            self.stop()
        else:
            self._stride()

    def _stride(self) -> None:
        walking = self._workspace.walking
        if walking.settled:  # else the trace of the next update is still on its way
            walking.over()
        ended = walking.settled and self._phase_ended()
        if walking.halted or (ended and self.rest is Rest.STOP):
            self.stop()
        else:
            self._timer.start(round((LONGER if ended and self.rest is Rest.LONGER else 1) * 1000 / self.pace))

    def _phase_ended(self) -> bool:
        walk = self._workspace.walk
        return walk is not None and walk.at >= 0 and stride(walk.trace, walk.at, Level.PHASE)[1] == walk.at
