"""The workspace: where the parts of the window meet.

It holds the document with its undo stack, the session with the newest snapshot, the selection,
what is hovered, the walk and the theme. Views listen to its signals and call its methods; they
never talk to one another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.core.problems import AxonError
from engine.curve import Curve
from engine.datasets import Data
from engine.document import Document
from engine.document.difference import difference
from engine.learned import Learned, fresh, restarted, with_weight
from engine.session import (
    Advance,
    Ask,
    Edit,
    Mark,
    Open,
    Pause,
    Play,
    Redo,
    Seek,
    Session,
    Snapshot,
    Undo,
    Unwatch,
    Watch,
)
from engine.session.messages import Change
from engine.session.probes import Probe
from gui.governor import Governor
from gui.history import EditCommand, LearningCommand
from gui.laid_out import layout_of
from gui.ready_made import ReadyMade
from gui.selection import Selection
from gui.theme import Theme
from gui.turns import Turns
from gui.walk import Walk
from gui.walking import Walking

CellKey = tuple[str, str, tuple[int, ...], int | None]
"""Identifies one number: (owner, array, index, example), as ``Ref.key``."""


PACE = 100.0
"""Updates a second to begin with: XOR is learned in a few seconds, slowly enough to watch."""


class Workspace(QObject):
    """The hub. Methods that change something are named by what the user does."""

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
    said = Signal(str)
    """A sentence for the user."""

    def __init__(self, theme: Theme, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.document = document
        self.undo_stack = QUndoStack(self)
        self.session = Session()
        self.snapshot = Snapshot(0)
        self.curve = Curve()
        """J of every update of the present run; none is ever skipped."""
        self._run = -1
        self.selection = Selection()
        self.hovered: frozenset[CellKey] = frozenset()
        self.walking = Walking(self)
        self.example = 0
        self.running = False
        self._plays = 0
        self.pace: float | None = PACE
        self._version = 0
        self._entry = 0
        self._asked = 0
        self._merge: str | None = None
        self._replacing: set[int] = set()
        """The undo entries that put one network in the place of another."""
        self._waiting: dict[int, Callable[[Any], None]] = {}
        self._watchers: dict[str, Watch] = {}
        self.governor = Governor()
        self.turns = Turns()
        self.ready_made = ReadyMade(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._frame)
        self._timer.start(0)
        self.open(document)

    # ---------------------------------------------------------------- documents and edits

    def open(
        self,
        document: Document,
        learned: Learned | None = None,
        curve: Curve | None = None,
        origin: Learned | None = None,
    ) -> None:
        """Begin with another document; undo starts anew. ``origin`` is where its training began."""
        self.walking.leave()
        before, self.document = self.document, document
        self._version += 1
        self.undo_stack.clear()
        self.undo_stack.setClean()
        self._replacing.clear()
        self.selection, self.running, self.example = Selection(), False, 0
        first = learned if learned is not None else fresh(document)
        self.snapshot = Snapshot(
            self._version, step=first.step, parameters=first.parameters, initial=first.initial
        )
        self.session.send(Open(self._version, document, learned, curve, origin))
        for watch in self._watchers.values():
            self.session.send(watch)
        self.document_changed.emit(difference(before, document))
        self.selection_changed.emit()
        self.state_changed.emit()

    def edit(
        self, text: str, document: Document, *, change: Change | None = None, merge: str | None = None
    ) -> None:
        """An edit of the user's. ``merge`` names a gesture whose edits become one undo entry;
        ``change`` is what happens to learned numbers besides keeping those that survive."""
        if document == self.document and change is None:
            return
        try:
            layout_of(document)
        except AxonError as error:
            self.say(str(error))
            return
        merged = merge is not None and merge == self._merge and self.undo_stack.canUndo()
        if not merged:
            self.keep_learning()
            self._entry += 1
        before, self.document = self.document, document
        self._version += 1
        self.session.send(Edit(self._version, self._entry, document, change, merged))
        self._merge = merge
        self.undo_stack.push(EditCommand(text, self._entry, before, document, self._go, merge))
        self._changed(before)

    def attempt(self, text: str, edit: Callable[..., Document], /, **details: Any) -> bool:
        """An edit by one of ``engine.document.edits``; its refusal becomes a sentence."""
        try:
            self.edit(text, edit(self.document, **details))
        except AxonError as error:
            self.say(str(error))
            return False
        return True

    def replace_network(self, text: str, document: Document) -> None:
        """Another network in the place of the present one, as one edit; it has learned nothing yet.

        The user's own table stays at hand. Undo brings the old network back with what it learned.
        """
        self.pause()
        self._merge = None
        document = replace(document, table=self.document.table)
        self.edit(text, document, change=lambda document, _: fresh(document))
        if self.document is document:
            self._replacing.add(self._entry)
            self._look_anew()

    def _look_anew(self) -> None:
        """Nothing that was looked at is there any more."""
        self.select(Selection())
        self.replaced.emit()
        if self.example:
            self.choose_example(0)

    def end_merge(self) -> None:
        """The gesture is over: the next edit is an entry of its own."""
        self._merge = None

    def set_weight(self, key: str, index: tuple[int, ...], value: float, *, merge: str | None = None) -> None:
        """A weight or bias by hand; before the first update it is its initial value too."""
        slot = layout_of(self.document).slots.get(key)
        if slot is None or not all(0 <= i < n for i, n in zip(index, slot.shape, strict=True)):
            self.say("That weight is no longer there.")
            return
        if not math.isfinite(value):
            self.say("A weight must be a finite number.")
            return
        name = self.symbol_of(key, index)

        def change(_: Document, learned: Learned) -> Learned:
            return with_weight(learned, key=key, index=index, value=value)

        self.edit(f"Set {name}", self.document, change=change, merge=merge)

    def reset(self) -> None:
        """Back to the visible initial weights."""
        self.pause()
        self.edit("Back to the initial weights", self.document, change=restarted)

    def redraw(self, seed: int | None = None) -> None:
        """Other first weights, drawn with another seed."""
        self.pause()
        training = replace(self.document.training, seed=seed or self.document.training.seed % 9999 + 1)
        document = replace(self.document, training=training)
        self.edit("Draw new initial weights", document, change=lambda document, _: fresh(document))

    def undo(self) -> None:
        """Take the last entry back. Learning that goes on meanwhile is kept when an edit is undone."""
        self._merge = None
        stack = self.undo_stack
        last = stack.command(stack.index() - 1) if stack.canUndo() else None
        # What one network learned means nothing to another: it is taken back first.
        apart = isinstance(last, LearningCommand) or self._replaces(last)
        if self._ahead and (last is None or apart):
            if stack.canRedo():
                self.say("Training goes on: pause it, and Ctrl+Z takes back what was learned.")
                return
            self.pause()
        if stack.canUndo():
            stack.undo()

    def redo(self) -> None:
        """Do the entry again that was undone last."""
        self._merge = None
        stack = self.undo_stack
        if not stack.canRedo():
            return
        if self._ahead and self._replaces(stack.command(stack.index())):
            self.say("Training goes on: pause it, and Ctrl+Z takes back what was learned.")
            return
        stack.redo()

    def _replaces(self, command: QUndoCommand | None) -> bool:
        return isinstance(command, EditCommand) and command.entry in self._replacing

    def _go(self, entry: int, document: Document, again: bool) -> None:
        before, self.document = self.document, document
        self._version += 1
        self.session.send((Redo if again else Undo)(self._version, entry, document))
        self._changed(before)
        if entry in self._replacing:
            self._look_anew()

    def _changed(self, before: Document) -> None:
        self.walking.leave()
        selection = self.selection.within(self.document)
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit()
        self.document_changed.emit(difference(before, self.document))

    # ---------------------------------------------------------------- training

    def play(self) -> None:
        """Train until paused."""
        self.walking.leave()
        self._merge = None
        self.running = True
        self._timer.start(0)
        self._send_play()
        self.state_changed.emit()

    def pause(self) -> None:
        """Stand still; what was learned becomes an entry that can be undone."""
        if self.running:
            self.running = False
            self.session.send(Pause())
            self.keep_learning(force=True)
            self.state_changed.emit()

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
        self.state_changed.emit()

    def _send_play(self) -> None:
        self._plays += 1
        self.session.send(Play(self.pace))

    def advance(self, updates: int = 1) -> None:
        """Some updates, then stand still."""
        self.pause()
        self.walking.leave()
        self.session.send(Advance(updates))
        self.keep_learning(force=True)
        self.state_changed.emit()

    def seek(self, step: int) -> None:
        """The exact state before an update."""
        self.pause()
        self.walking.leave()
        self.session.send(Seek(max(step, self.snapshot.back_to)))
        self.keep_learning(force=True)

    @property
    def _ahead(self) -> bool:
        return self.running or self.snapshot.ahead

    def keep_learning(self, *, force: bool = False) -> None:
        """Make an undo entry of the learning since the last entry, if there is any."""
        if not (force or self._ahead):
            return
        stack = self.undo_stack
        last = stack.command(stack.index() - 1) if stack.canUndo() else None
        # Qt merges nothing into the entry at which the project was saved, and undo must come back there
        merged = isinstance(last, LearningCommand) and not stack.canRedo() and not stack.isClean()
        if merged:
            assert isinstance(last, LearningCommand)
            entry = last.entry
        else:
            self._entry += 1
            entry = self._entry
        self.session.send(Mark(entry, merged))
        stack.push(LearningCommand("Training", entry, self.document, self._go))
        self.snapshot = replace(self.snapshot, ahead=False)

    # ---------------------------------------------------------------- looking

    def choose_example(self, example: int) -> None:
        """Which example of the data the canvas shows."""
        self.example = example
        self.state_changed.emit()

    def select(self, selection: Selection) -> None:
        """Select other things."""
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit()

    def hover(self, cells: frozenset[CellKey]) -> None:
        """Light up numbers wherever they are shown."""
        if cells != self.hovered:
            self.hovered = cells
            self.hover_changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self.theme = theme
        self.theme_changed.emit(theme)

    def say(self, sentence: str) -> None:
        """Tell the user something."""
        self.said.emit(sentence)

    def symbol_of(self, key: str, index: tuple[int, ...]) -> str:
        """A parameter's name as text: ``w[1]_{3,2}``."""
        layer, name = key.split(".", 1)
        number = next((n for n, each in enumerate(self.document.order()) if each.id == layer), 0)
        letter = "b" if name == "b" else "w"
        shown = index[:1] if name == "b" else index
        below = ",".join(str(i + 1) for i in shown)
        return f"{letter}[{number}]_{below}" if len(shown) == 1 else f"{letter}[{number}]_{{{below}}}"

    @property
    def walk(self) -> Walk | None:
        """Where the walkthrough stands, during one."""
        return self.walking.walk

    @property
    def data(self) -> Data | None:
        """The data as the worker loaded it."""
        return self.snapshot.data

    # ---------------------------------------------------------------- the session

    def watch(self, name: str, probe: Probe, every: float = 0.0) -> None:
        """Have a probe answered in every snapshot, under a name of the caller's."""
        self._watchers[name] = Watch(name, probe, every)
        self.session.send(self._watchers[name])

    def unwatch(self, name: str) -> None:
        """No more answers under that name."""
        if self._watchers.pop(name, None) is not None:
            self.session.send(Unwatch(name))

    def ask(self, probe: Probe, then: Callable[[Any], None]) -> None:
        """One answer, handed to ``then`` in the window's thread; a problem becomes a sentence."""
        self._asked += 1
        self._waiting[self._asked] = then
        self.session.send(Ask(self._asked, probe))

    def _frame(self) -> None:
        try:
            self.pull()
        finally:
            self._timer.start(round(1000 * self.governor.pause(self.running, paced=self.pace is not None)))

    def pull(self) -> None:
        """Take what the worker has for the window; called by a timer."""
        snapshot, replies, notices = self.session.take()
        for reply in replies:
            then = self._waiting.pop(reply.number, None)
            if reply.problem:
                self.walking.forget()
                self.say(reply.problem)
            elif then is not None:
                then(reply.answer)
        for sentence in notices:
            self.say(sentence)
        if snapshot is None:
            return
        self._record(snapshot)
        if snapshot.version != self._version:
            return
        stopped = self.running and not snapshot.running and snapshot.plays == self._plays
        self.snapshot = snapshot
        if stopped:
            self.running = False
            self.keep_learning()
            self.state_changed.emit()
        self.turns.next()
        self.snapshot_changed.emit(snapshot)

    def _record(self, snapshot: Snapshot) -> None:
        """Take over the loss curve, whatever document version the snapshot is of."""
        if snapshot.run != self._run:
            self._run, self.curve = snapshot.run, Curve(snapshot.curve_from)
        self.curve.extend(snapshot.curve_from, snapshot.curve)

    def close(self) -> None:
        """End the worker thread."""
        self._timer.timeout.disconnect(self._frame)
        self._timer.stop()
        self.ready_made.close()
        self.session.close()

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The newest weights by key (``hidden.W.input``)."""
        return self.snapshot.parameters
