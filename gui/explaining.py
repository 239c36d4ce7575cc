"""Explaining: which number the user asks about, wherever it is shown, and what lights up with it.

The rule for the user, the same everywhere: a click on a number that is only read explains it. Where
a click selects or edits, Alt and a click does, or the key E, or "Explain this number" in the menu.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.losses.base import OWNER as LOSS

if TYPE_CHECKING:
    from gui.workspace import CellKey, Workspace

MEAN_LOSS: CellKey = (LOSS, "J", (0,), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """One number of one update.

    ``update`` is the update's number counted from 0; ``None`` for the walk's, or without a walk the
    one that comes next. ``follow`` asks for its way to the loss and back too.
    """

    cell: CellKey
    update: int | None = None
    follow: bool = False


class Explaining:
    """What is asked of one workspace; the formula panel answers."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.asked: Asked | None = None
        self.lit: frozenset[CellKey] = frozenset()
        """The number that is explained and those it is made of, or the way that is followed."""
        for signal in (workspace.walk_changed, workspace.selection_changed, workspace.document_changed):
            signal.connect(self._elsewhere)

    def ask(self, asked: Asked) -> None:
        """Another number wants to be explained."""
        self.asked = asked
        self._workspace.explained.emit()

    def end(self) -> None:
        """No number is asked about any more."""
        if self.asked is not None:
            self.asked = None
            self._workspace.explained.emit()
        self.light(frozenset())

    def light(self, cells: frozenset[CellKey]) -> None:
        """Show on the canvas what is spoken of."""
        if cells != self.lit:
            self.lit = cells
            self._workspace.hover_changed.emit()

    def asks_for(self, cell: CellKey) -> Asked:
        """The question about a number as the window shows it.

        J and the weights are what the last update found and left, so outside a walk that update is asked
        for; so are the gradients, of which the walk may already have others.
        """
        owner, array, _, example = cell
        last = self._workspace.snapshot.step - 1
        late = array.startswith(("mean ", "new "))
        if example is not None or last < 0 or (self._workspace.walk is not None and not late):
            return Asked(cell)
        if late or owner == LOSS:
            return Asked(cell, last)
        return Asked((owner, f"new {array}", *cell[2:]), last) if self._reaches(last) else Asked(cell)

    def _reaches(self, update: int) -> bool:
        return update >= self._workspace.snapshot.back_to

    def _elsewhere(self, *_: object) -> None:
        """The user went on to something else."""
        self.end()
