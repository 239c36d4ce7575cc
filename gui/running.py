"""Training as the user starts, paces and stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.session import Advance, Pause, Play, Seek, Snapshot

if TYPE_CHECKING:
    from gui.workspace import Workspace

PACE = 100.0
"""Updates a second to begin with: XOR is learned in a few seconds, slowly enough to watch."""


class Running:
    """Play, pause, single updates and going back, for one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.running = False
        self.pace: float | None = PACE
        self._plays = 0

    @property
    def ahead(self) -> bool:
        """Whether something was or is being learned that has no undo entry yet."""
        return self.running or self._workspace.snapshot.ahead

    def play(self) -> None:
        """Train until paused."""
        workspace = self._workspace
        workspace.walking.leave()
        workspace.editing.end_merge()
        self.running = True
        workspace.link.look_soon()
        self._send_play()
        workspace.state_changed.emit()

    def pause(self) -> None:
        """Stand still; what was learned becomes an entry that can be undone."""
        if self.running:
            self.running = False
            self._workspace.link.send(Pause())
            self._workspace.editing.keep_learning(force=True)
            self._workspace.state_changed.emit()

    def play_or_pause(self) -> None:
        """What the space bar does."""
        if self.running:
            self.pause()
        else:
            self.play()

    def set_pace(self, pace: float | None) -> None:
        """Updates a second; ``None`` as fast as it goes."""
        self.pace = pace
        if self.running:
            self._send_play()
        self._workspace.state_changed.emit()

    def advance(self, updates: int = 1) -> None:
        """Some updates, then stand still."""
        self.pause()
        self._workspace.walking.leave()
        self._workspace.link.send(Advance(updates))
        self._workspace.editing.keep_learning(force=True)
        self._workspace.state_changed.emit()

    def seek(self, step: int) -> None:
        """The exact state before an update; where the network was changed since, that is taken back."""
        branches = self._workspace.branches
        step = max(step, branches.reach)
        if not branches.near(step):
            branches.go(self._workspace.snapshot.on, step, merge="seek")
            return
        self.pause()
        self._workspace.walking.leave()
        self._workspace.link.send(Seek(step))
        self._workspace.editing.keep_learning(force=True)

    def seek_on_curve(self, update: int) -> None:
        """As ``seek``, for a point of a curve: a sentence says so where the timeline does not reach."""
        workspace = self._workspace
        curve, earliest = workspace.curve, workspace.branches.reach
        update = max(curve.start, min(update, curve.end))
        if update < earliest:
            text = workspace.tr("The timeline reaches back to update {0}; Ctrl+Z takes back older learning.")
            workspace.say(text.format(earliest))
            return
        self.seek(update)

    def forget(self) -> None:
        """Another document begins, and nothing runs."""
        self.running = False

    def has_stopped(self, snapshot: Snapshot) -> bool:
        """Whether the worker ended by itself what was started last; it stands still then."""
        if not self.running or snapshot.running or snapshot.plays != self._plays:
            return False
        self.running = False
        return True

    def _send_play(self) -> None:
        self._plays += 1
        self._workspace.link.send(Play(self.pace))
