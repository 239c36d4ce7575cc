"""The workspace: where the parts of the window meet.

It holds the document with its undo stack, the session with the newest snapshot, the selection,
what is hovered, the walk and the theme. Views listen to its signals and call its methods; they
never talk to one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.curve import Curve
from engine.datasets import Data
from engine.document import Document
from engine.document.difference import difference
from engine.learned import Learned, fresh
from engine.runs import NO_RUNS, Runs
from engine.session import Open, Snapshot
from engine.symbols import symbol_of
from gui.branches import Branches
from gui.breakpoints import Breakpoints
from gui.editing import Editing
from gui.explaining import Asked, Explaining
from gui.laid_out import layout_of
from gui.link import Link
from gui.ready_made import ReadyMade
from gui.running import Running
from gui.selection import Selection
from gui.showing import Showing
from gui.stepping.walk import Walk
from gui.stepping.walking import Walking
from gui.theme import Theme
from gui.turns import Turns

CellKey = tuple[str, str, tuple[int, ...], int | None]
"""Identifies one number: (owner, array, index, example), as ``Ref.key``."""


class Workspace(QObject):
    """The hub: what is shown and looked at. What the user does stands in its parts.

    ``editing`` changes the document, ``training`` plays and pauses, ``walking`` steps through one
    update, ``breakpoints`` stop the training at events, ``branches`` goes from run to run, ``link``
    talks with the worker, ``ready_made`` puts other networks in its place, ``explaining`` says which
    number is asked about.
    """

    document_changed = Signal(object)
    """After an edit, undo, redo or opening: the ``Difference`` from the document before."""
    replaced = Signal()
    """After ``document_changed``: another network stands in the place of the one before."""
    snapshot_changed = Signal(object)
    """A new ``Snapshot`` of the present document version; at most 60 times a second."""
    selection_changed = Signal()
    hover_changed = Signal()
    walk_changed = Signal()
    """The walk moved, began or ended."""
    state_changed = Signal()
    """Running or not, the example looked at, a problem of the network."""
    theme_changed = Signal(object)
    showing_changed = Signal(object)
    """How the canvas shows the network: a ``Showing``."""
    cells_chosen = Signal()
    """Other numbers are to be followed: ``chosen_cells``."""
    explained = Signal()
    """Another number is to be explained: ``explaining.asked``; the window opens the panel that does."""
    wanted = Signal(str)
    """A panel is asked for, by its name: the window opens it and brings it to the front."""
    said = Signal(str)
    """A sentence for the user."""
    offered = Signal(str, object)
    """A sentence with buttons: each a text and what it does."""
    breakpoints_changed = Signal()
    """Other breakpoints, or training stopped at one."""

    def __init__(self, theme: Theme, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.document = document
        self.snapshot = Snapshot(0)
        self.selection = Selection()
        self.hovered: frozenset[CellKey] = frozenset()
        self.chosen_cells: tuple[CellKey, ...] = ()
        """Numbers chosen one by one, in a table say; selecting something on the canvas ends that."""
        self.example = 0
        self.showing = Showing()
        self.link = Link(self)
        self.editing = Editing(self)
        self.training = Running(self)
        self.walking = Walking(self)
        self.breakpoints = Breakpoints(self)
        self.branches = Branches(self)
        self.turns = Turns()
        self.ready_made = ReadyMade(self)
        self.explaining = Explaining(self)
        self.link.arrived.connect(self._take)
        self.open(document)

    # ---------------------------------------------------------------- documents

    def open(
        self,
        document: Document,
        learned: Learned | None = None,
        curve: Curve | None = None,
        origin: Learned | None = None,
        runs: Runs = NO_RUNS,
        run: int = 0,
    ) -> None:
        """Begin with another document; undo starts anew. ``origin`` is where its training began.

        ``runs`` are its trainings so far, of which ``run`` is the present one.
        """
        self.walking.leave()
        before, self.document = self.document, document
        version = self.link.next_version()
        self.editing.begin()
        self.training.forget()
        self.selection, self.example, self.chosen_cells = Selection(), 0, ()
        first = learned if learned is not None else fresh(document)
        self.snapshot = Snapshot(version, step=first.step, parameters=first.parameters, initial=first.initial)
        self.link.send(Open(version, document, learned, curve, origin, runs, run))
        self.breakpoints.forget()
        self.branches.forget()
        for watch in self.link.watchers.values():
            self.link.send(watch)
        self.document_changed.emit(difference(before, document))
        self.selection_changed.emit()
        self.state_changed.emit()

    def changed_from(self, before: Document) -> None:
        """The document is another one now: what was selected and has gone is selected no more.

        A walk goes on while only the looks of the network change, such as a fold or a place.
        """
        change = difference(before, self.document)
        if not (change and change.only_looks and self.walking.settled):
            self.walking.leave()
        self.select(self.selection.within(self.document))
        self.document_changed.emit(change)

    def look_anew(self) -> None:
        """Nothing that was looked at is there any more."""
        self.select(Selection())
        self.replaced.emit()
        if self.example:
            self.choose_example(0)

    # ---------------------------------------------------------------- looking

    def choose_example(self, example: int) -> None:
        """Which example of the data the canvas shows."""
        self.example = example
        self.state_changed.emit()

    def select(self, selection: Selection) -> None:
        """Select other things."""
        if selection != self.selection:
            self.selection, self.chosen_cells = selection, ()
            self.selection_changed.emit()

    def choose_cells(self, cells: tuple[CellKey, ...]) -> None:
        """Follow these numbers; of what is selected that is a closer look."""
        if cells != self.chosen_cells:
            self.chosen_cells = cells
            self.cells_chosen.emit()

    def hover(self, cells: frozenset[CellKey]) -> None:
        """Light up numbers wherever they are shown."""
        if cells != self.hovered:
            self.hovered = cells
            self.hover_changed.emit()

    @property
    def lit(self) -> frozenset[CellKey]:
        """What lights up: the numbers pointed at, else those that are explained or followed."""
        return self.hovered or self.explaining.lit

    def explain(self, cell: CellKey, update: int | None = None) -> None:
        """Say where a number comes from; ``update`` is the one it belongs to, where that is another."""
        asked = self.explaining.asks_for(cell) if update is None else Asked(cell, update)
        self.explaining.ask(asked)

    def follow(self, cell: CellKey) -> None:
        """Go the way of a number to the loss and back."""
        owner, array, index, example = cell
        self.explaining.ask(Asked((owner, array.removeprefix("new "), index, example), follow=True))

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self.theme = theme
        self.theme_changed.emit(theme)

    def show_as(self, showing: Showing) -> None:
        """Draw the network in another way; no edit."""
        if showing != self.showing:
            self.showing = showing
            self.showing_changed.emit(showing)

    def say(self, sentence: str) -> None:
        """Tell the user something."""
        self.said.emit(sentence)

    def symbol_of(self, key: str, index: tuple[int, ...]) -> str:
        """A parameter's name as text: ``w[1]_{3,2}``."""
        return symbol_of(layout_of(self.document), key, index).text

    @property
    def walk(self) -> Walk | None:
        """Where the walkthrough stands, during one."""
        return self.walking.walk

    @property
    def data(self) -> Data | None:
        """The data as the worker loaded it."""
        return self.snapshot.data

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The newest weights by key (``hidden.W.input``)."""
        return self.snapshot.parameters

    @property
    def curve(self) -> Curve:
        """J of every update of the present run; none is ever skipped."""
        return self.link.curve

    def close(self) -> None:
        """End the worker thread."""
        self.ready_made.close()
        self.link.close()

    def _take(self, snapshot: Snapshot) -> None:
        """Newer numbers."""
        stopped = self.training.has_stopped(snapshot)
        self.snapshot = snapshot
        if stopped:
            self.editing.keep_learning()
            self.state_changed.emit()
        self.breakpoints.take(snapshot)
        self.branches.take(snapshot)
        self.turns.next(self.link.rich)
        self.snapshot_changed.emit(snapshot)
