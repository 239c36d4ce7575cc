"""Editing: every change of the document or of a weight, with its undo entry."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.core.problems import AxonError
from engine.document import Document
from engine.learned import Learned, fresh, restarted, with_weight
from engine.session import Edit, Mark, Redo, Undo
from engine.session.messages import Change, Message
from gui.history import DeedCommand, EditCommand, LearningCommand, TravelCommand
from gui.laid_out import layout_of

if TYPE_CHECKING:
    from gui.workspace import Workspace


class Editing:
    """The undo stack of a workspace and what writes to it. Learning has its entries there too."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.undo_stack = QUndoStack(workspace)
        self._entry = 0
        self._merge: str | None = None
        self._replacing: set[int] = set()
        """The undo entries that put one network in the place of another."""

    def begin(self) -> None:
        """Another document was opened: nothing to undo yet."""
        self.undo_stack.clear()
        self.undo_stack.setClean()
        self._replacing.clear()

    # ---------------------------------------------------------------- edits

    def edit(
        self,
        text: str,
        document: Document,
        *,
        change: Change | None = None,
        merge: str | None = None,
        anew: bool = False,
    ) -> None:
        """An edit of the user's. ``merge`` names a gesture whose edits become one undo entry;
        ``change`` is what happens to learned numbers besides keeping those that survive;
        ``anew`` says that it is another network."""
        workspace = self._workspace
        if document == workspace.document and change is None:
            return
        try:
            layout_of(document)
        except AxonError as error:
            workspace.say(str(error))
            return
        merged = merge is not None and merge == self._merge and self.undo_stack.canUndo()
        if not merged:
            self.keep_learning()
            self._entry += 1
        before, workspace.document = workspace.document, document
        version = workspace.link.next_version()
        workspace.link.send(Edit(version, self._entry, document, change, merged, anew))
        self._merge = merge
        self.undo_stack.push(EditCommand(text, self._entry, before, document, self._go, merge))
        workspace.changed_from(before)

    def attempt(self, text: str, edit: Callable[..., Document], /, **details: Any) -> bool:
        """An edit by one of ``engine.document.edits``; its refusal becomes a sentence."""
        try:
            self.edit(text, edit(self._workspace.document, **details))
        except AxonError as error:
            self._workspace.say(str(error))
            return False
        return True

    def end_merge(self) -> None:
        """The gesture is over: the next edit is an entry of its own."""
        self._merge = None

    def replace_network(self, text: str, document: Document) -> None:
        """Another network in the place of the present one, as one edit; it has learned nothing yet.

        The user's own table stays at hand. Undo brings the old network back with what it learned.
        """
        workspace = self._workspace
        workspace.training.pause()
        self._merge = None
        document = replace(document, table=workspace.document.table)
        self.edit(text, document, change=lambda document, _: fresh(document), anew=True)
        if workspace.document is document:
            self._replacing.add(self._entry)
            workspace.look_anew()

    def set_weight(self, key: str, index: tuple[int, ...], value: float, *, merge: str | None = None) -> None:
        """A weight or bias by hand; before the first update it is its initial value too."""
        workspace = self._workspace
        slot = layout_of(workspace.document).slots.get(key)
        if slot is None or not all(0 <= i < n for i, n in zip(index, slot.shape, strict=True)):
            workspace.say("That weight is no longer there.")
            return
        if not math.isfinite(value):
            workspace.say("A weight must be a finite number.")
            return
        name = workspace.symbol_of(key, index)

        def change(_: Document, learned: Learned) -> Learned:
            return with_weight(learned, key=key, index=index, value=value)

        self.edit(f"Set {name}", workspace.document, change=change, merge=merge)

    def reset(self) -> None:
        """Back to the visible initial weights."""
        self._workspace.training.pause()
        self.edit("Back to the initial weights", self._workspace.document, change=restarted)

    def redraw(self, seed: int | None = None) -> None:
        """Other first weights, drawn with another seed."""
        self._workspace.training.pause()
        present = self._workspace.document
        training = replace(present.training, seed=seed or present.training.seed % 9999 + 1)
        document = replace(present, training=training)
        self.edit("Draw new initial weights", document, change=lambda document, _: fresh(document))

    # ---------------------------------------------------------------- runs

    def travel(
        self,
        text: str,
        document: Document,
        message: Callable[[int, int, bool], Message],
        merge: str | None = None,
    ) -> None:
        """To another state of the training, as an entry; ``message`` is made of version, entry, merged."""
        workspace, stack = self._workspace, self.undo_stack
        last = stack.command(stack.index() - 1) if stack.canUndo() else None
        travelled = isinstance(last, TravelCommand) and last.entry == self._entry
        merged = merge is not None and merge == self._merge and travelled
        if not merged:
            self.keep_learning()
            self._entry += 1
        before, workspace.document = workspace.document, document
        workspace.link.send(message(workspace.link.next_version(), self._entry, merged))
        self._merge = merge
        stack.push(TravelCommand(text, self._entry, before, document, self._go, merge))
        if document is not before:
            workspace.changed_from(before)

    def deed(self, text: str, do: Callable[[], object], take_back: Callable[[], object]) -> None:
        """Do something that changes neither document nor numbers, as an entry."""
        self._merge = None
        self.keep_learning()
        self.undo_stack.push(DeedCommand(text, do, take_back))

    # ---------------------------------------------------------------- undo

    def undo(self) -> None:
        """Take the last entry back. Learning that goes on meanwhile is kept when an edit is undone."""
        self._merge = None
        stack, training = self.undo_stack, self._workspace.training
        last = stack.command(stack.index() - 1) if stack.canUndo() else None
        # What one network learned means nothing to another: it is taken back first.
        apart = isinstance(last, LearningCommand | TravelCommand) or self._replaces(last)
        if training.ahead and (last is None or apart):
            if stack.canRedo():
                self._workspace.say("Training goes on: pause it, and Ctrl+Z takes back what was learned.")
                return
            training.pause()
        if stack.canUndo():
            stack.undo()

    def redo(self) -> None:
        """Do the entry again that was undone last."""
        self._merge = None
        stack = self.undo_stack
        if not stack.canRedo():
            return
        following = stack.command(stack.index())
        apart = isinstance(following, TravelCommand) or self._replaces(following)
        if self._workspace.training.ahead and apart:
            self._workspace.say("Training goes on: pause it, and Ctrl+Z takes back what was learned.")
            return
        stack.redo()

    def keep_learning(self, *, force: bool = False) -> None:
        """Make an undo entry of the learning since the last entry, if there is any."""
        workspace, stack = self._workspace, self.undo_stack
        if not (force or workspace.training.ahead):
            return
        last = stack.command(stack.index() - 1) if stack.canUndo() else None
        # Qt merges nothing into the entry at which the project was saved, and undo must come back there
        merged = isinstance(last, LearningCommand) and not stack.canRedo() and not stack.isClean()
        if merged:
            assert isinstance(last, LearningCommand)
            entry = last.entry
        else:
            self._entry += 1
            entry = self._entry
        workspace.link.send(Mark(entry, merged))
        stack.push(LearningCommand("Training", entry, workspace.document, self._go))
        workspace.snapshot = replace(workspace.snapshot, ahead=False)

    def _replaces(self, command: QUndoCommand | None) -> bool:
        return isinstance(command, EditCommand) and command.entry in self._replacing

    def _go(self, entry: int, document: Document, again: bool) -> None:
        workspace = self._workspace
        before, workspace.document = workspace.document, document
        workspace.link.send((Redo if again else Undo)(workspace.link.next_version(), entry, document))
        workspace.changed_from(before)
        if entry in self._replacing:
            workspace.look_anew()
