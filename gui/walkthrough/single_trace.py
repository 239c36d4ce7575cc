"""A trace of one example for the number that is selected, while no walkthrough is going on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.core.expressions import Ref
from engine.session import Snapshot
from engine.session.probes import Tracing
from engine.trace import Trace
from gui.workspace import Workspace

MOST_PARAMETERS = 20_000
"""A trace of a larger network takes too long to be made on every click."""


class SingleTrace(QObject):
    """Asks the worker for the next update of one example, whenever something else is selected or learned.

    It stands still during a walk and while training runs: numbers that change thirty times a second cannot be
    read as a formula.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._asked: object = None
        self._found: tuple[object, Trace] | None = None
        self._watching = False

    def begin(self) -> None:
        """Somebody looks."""
        self._watching = True
        self._workspace.snapshot_changed.connect(self._snapshot)
        for signal in self._signals:
            signal.connect(self._look)
        self._look()

    def end(self) -> None:
        """Nobody looks any more."""
        self._watching = False
        self._workspace.snapshot_changed.disconnect(self._snapshot)
        for signal in self._signals:
            signal.disconnect(self._look)

    @property
    def _signals(self) -> tuple:
        workspace = self._workspace
        return (workspace.selection_changed, workspace.state_changed, workspace.walk_changed)

    @property
    def trace(self) -> Trace | None:
        """The trace, if it is of what is selected now."""
        if self._found is None or self._workspace.walk is not None or self._found[0] != self._wanted():
            return None
        return self._found[1]

    @property
    def subject(self) -> object:
        """Equal as long as the same thing is explained."""
        return self._wanted()

    @property
    def ref(self) -> Ref | None:
        """The number that the selection is about."""
        trace, selection = self.trace, self._workspace.selection
        if trace is None:
            return None
        document = trace.document
        if selection.units:
            layer, key = min(selection.units)
            return trace.ref(layer, "a", (document.layer(layer).unit(key),), 0)
        source, sender, target, receiver = min(selection.synapses)
        index = (document.layer(target).unit(receiver), document.layer(source).unit(sender))
        return trace.ref(target, f"new W.{source}", index, None)

    def _wanted(self) -> object:
        """What is to be explained and in which state; ``None`` for nothing."""
        workspace = self._workspace
        chosen, snapshot = workspace.selection, workspace.snapshot
        one = len(chosen.units) + len(chosen.synapses) == 1
        if not one or workspace.walk is not None or workspace.training.running or snapshot.problem:
            return None
        if (
            not snapshot.parameters
            or sum(each.size for each in snapshot.parameters.values()) > MOST_PARAMETERS
        ):
            return None
        return (chosen, workspace.example, snapshot.version, snapshot.step)

    def _snapshot(self, _: Snapshot) -> None:
        self._look()

    def _look(self) -> None:
        wanted = self._wanted()
        if wanted == self._asked:
            return
        self._asked = wanted
        if wanted is None:
            self.changed.emit()
            return
        layers = [layer for layer, _ in self._workspace.selection.units]
        layers += [target for *_, target, _ in self._workspace.selection.synapses]

        def take(trace: Trace) -> None:
            if wanted == self._wanted() and layers[0] in trace.network.places:
                self._found = (wanted, trace)
                self.changed.emit()

        self._workspace.link.ask(Tracing(self._workspace.example), take)
