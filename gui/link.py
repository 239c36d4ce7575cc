"""The link to the worker: messages go there, snapshots and answers come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.curve import Curve
from engine.session import Ask, Session, Snapshot, Unwatch, Watch
from engine.session.messages import Message
from engine.session.probes import Probe
from gui.governor import Governor

if TYPE_CHECKING:
    from gui.workspace import Workspace


class Link(QObject):
    """Owns the session of a workspace and looks, by a timer, for what it has for the window."""

    arrived = Signal(object)
    """A new ``Snapshot`` of the present document version."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.session = Session()
        self.version = 0
        """The number of the document that the window shows; older snapshots are dropped."""
        self.curve = Curve()
        self.governor = Governor()
        self.rich = True
        """Whether something costly may be drawn in the present frame."""
        self._run = -1
        self._asked = 0
        self._waiting: dict[int, Callable[[Any], None]] = {}
        self.watchers: dict[str, Watch] = {}
        """The probes that every snapshot answers, by name."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._frame)
        self._timer.start(0)

    # ---------------------------------------------------------------- there

    def send(self, message: Message) -> None:
        """A message to the worker; it never waits."""
        self.session.send(message)

    def next_version(self) -> int:
        """The number of a document that comes now."""
        self.version += 1
        return self.version

    def watch(self, name: str, probe: Probe, every: float = 0.0) -> None:
        """Have a probe answered in every snapshot, under a name of the caller's."""
        self.watchers[name] = Watch(name, probe, every)
        self.send(self.watchers[name])

    def unwatch(self, name: str) -> None:
        """No more answers under that name."""
        if self.watchers.pop(name, None) is not None:
            self.send(Unwatch(name))

    def ask(self, probe: Probe, then: Callable[[Any], None]) -> None:
        """One answer, handed to ``then`` in the window's thread; a problem becomes a sentence."""
        self._asked += 1
        self._waiting[self._asked] = then
        self.send(Ask(self._asked, probe))

    # ---------------------------------------------------------------- back

    def pull(self) -> None:
        """Take what the worker has for the window; called by a timer."""
        snapshot, replies, notices = self.session.take()
        for reply in replies:
            then = self._waiting.pop(reply.number, None)
            if reply.problem:
                self._workspace.walking.forget()
                self._workspace.say(reply.problem)
            elif then is not None:
                then(reply.answer)
        for sentence in notices:
            self._workspace.say(sentence)
        if snapshot is None:
            return
        self._record(snapshot)
        if snapshot.version == self.version:
            self.arrived.emit(snapshot)

    def look_soon(self) -> None:
        """Something is about to happen: do not wait for the next frame's time."""
        self._timer.start(0)

    def close(self) -> None:
        """End the worker thread."""
        self._timer.timeout.disconnect(self._frame)
        self._timer.stop()
        self.session.close()

    def _frame(self) -> None:
        training = self._workspace.training
        self.rich = self.governor.begin(training.running, paced=training.pace is not None)
        try:
            self.pull()
        finally:
            self._timer.start(round(1000 * self.governor.pause(training.running)))

    def _record(self, snapshot: Snapshot) -> None:
        """Take over the loss curve, whatever document version the snapshot is of."""
        if snapshot.run != self._run:
            self._run, self.curve = snapshot.run, Curve(snapshot.curve_from)
        self.curve.extend(snapshot.curve_from, snapshot.curve)
