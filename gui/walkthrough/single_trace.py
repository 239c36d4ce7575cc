"""Where the numbers come from that are explained outside the walk: the worker is asked for their update."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.core.expressions import Ref
from engine.formulas import Formulas
from engine.losses.base import OWNER as LOSS
from engine.session import Snapshot
from engine.session.formulas_of import FormulasOf
from engine.trace import Trace
from gui.explaining import Asked
from gui.selection import Selection
from gui.workspace import CellKey, Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be explained, of which update, in which state of the network."""

    probe: FormulasOf
    asked: Asked | None
    selection: Selection
    version: int
    step: int


class SingleTrace(QObject):
    """Asks the worker for one update on one example, or on its batch, whenever another number is asked
    about or selected. It has no steps and is made as fast as an update, for networks of any size.

    It stands still while training runs: numbers that change thirty times a second cannot be read as a
    formula.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._wish: Wanted | None = None
        self._found: tuple[Wanted, Formulas | None] | None = None

    def begin(self) -> None:
        """Somebody looks."""
        self._workspace.snapshot_changed.connect(self._snapshot)
        for signal in self._signals:
            signal.connect(self._look)
        self._look()

    def end(self) -> None:
        """Nobody looks any more."""
        self._workspace.snapshot_changed.disconnect(self._snapshot)
        for signal in self._signals:
            signal.disconnect(self._look)

    @property
    def _signals(self) -> tuple:
        workspace = self._workspace
        changes = (workspace.selection_changed, workspace.state_changed, workspace.walk_changed)
        return (*changes, workspace.explained)

    # ---------------------------------------------------------------- what is found

    @property
    def trace(self) -> Formulas | None:
        """The numbers, if they are those that are wanted now."""
        return self._found[1] if self._found is not None and self._found[0] == self._wanted() else None

    @property
    def subject(self) -> object:
        """Equal as long as the same thing is explained."""
        return self._wanted()

    @property
    def ref(self) -> Ref | None:
        """The number that the question or the selection is about; ``None`` where the update has none."""
        trace, wanted = self.trace, self._wanted()
        if trace is None or wanted is None:
            return None
        if wanted.asked is not None:
            return found_in(trace, wanted.asked.cell)
        selection, document = wanted.selection, trace.document
        if selection.units:
            layer, key = min(selection.units)
            return found_in(trace, (layer, "a", (document.layer(layer).unit(key),), 0))
        source, sender, target, receiver = min(selection.synapses)
        index = (document.layer(target).unit(receiver), document.layer(source).unit(sender))
        return found_in(trace, (target, f"new W.{source}", index, None))

    @property
    def past(self) -> int | None:
        """The number of the update that is explained, if it has been done already."""
        trace = self.trace
        if trace is None or trace.step_number >= self._workspace.snapshot.step:
            return None
        return trace.step_number

    @property
    def why(self) -> str:
        """Why nothing is explained though something is asked about or selected; empty if nothing is."""
        workspace, wanted = self._workspace, self._wanted()
        about = self._asked_outside_the_walk() or self._one_selected()
        if not about:
            return ""
        if workspace.snapshot.problem:
            return workspace.snapshot.problem
        if workspace.training.running:
            return self.tr("The numbers change too fast to be read now. Space pauses training.")
        if wanted is None or self._found is None or self._found[0] != wanted:
            return self.tr("The worker calculates this number …")
        if self._found[1] is None:
            text = self.tr(
                "Update {0} lies before the beginning of the timeline, or ahead: Ctrl+Z goes back."
            )
            return text.format(wanted.probe.update)
        return self.tr("This number takes no part in the update: nothing reaches the output from there.")

    # ---------------------------------------------------------------- what is wanted

    def _asked_outside_the_walk(self) -> Asked | None:
        """The question, where the walk does not answer it."""
        workspace = self._workspace
        asked, walk = workspace.explaining.asked, workspace.walk
        if asked is None or walk is None:
            return asked
        return None if asked.update in {None, walk.trace.step_number} else asked

    def _one_selected(self) -> bool:
        chosen = self._workspace.selection
        return self._workspace.walk is None and len(chosen.units) + len(chosen.synapses) == 1

    def _wanted(self) -> Wanted | None:
        """What is to be explained now; ``None`` for nothing."""
        workspace = self._workspace
        asked, snapshot = self._asked_outside_the_walk(), workspace.snapshot
        if workspace.training.running or snapshot.problem or not snapshot.parameters:
            return None
        if asked is not None:
            example = None if asked.cell[3] is None else workspace.example
            if asked.follow:
                example = workspace.example
            probe = FormulasOf(example, asked.update)
        elif self._one_selected():
            probe = FormulasOf(workspace.example)
        else:
            return None
        selection = Selection() if asked is not None else workspace.selection
        return Wanted(probe, asked, selection, snapshot.version, snapshot.step)

    def _snapshot(self, _: Snapshot) -> None:
        self._look()

    def _look(self) -> None:
        wanted = self._wanted()
        if wanted == self._wish:
            return
        self._wish = wanted
        self.changed.emit()
        if wanted is None:
            return

        def take(trace: Formulas | None) -> None:
            if wanted == self._wanted():
                self._found = (wanted, trace)
                self.changed.emit()

        self._workspace.link.ask(wanted.probe, take)


def found_in(trace: Trace, cell: CellKey, column: int = 0) -> Ref | None:
    """The reference to a number, if the update has it; ``column`` is where its example stands."""
    owner, array, index, example = cell
    if array.startswith("mean ") and trace.m == 1:
        array = array.removeprefix("mean ")
    values = trace.arrays.get((owner, array))
    if values is None or (owner != LOSS and owner not in trace.network.places):
        return None
    share = f"{owner}.{array.removeprefix('d')}" in trace.layout.slots  # one example's, of a gradient
    inside = values.shape if example is None or share else values.shape[:-1]
    if (owner, array) == (LOSS, "J"):
        inside = (1,)
    if len(index) != len(inside) or any(i >= side for i, side in zip(index, inside, strict=True)):
        return None
    return trace.ref(owner, array, index, None if example is None else column)
