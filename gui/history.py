"""The undo stack: one generic command for edits, one for learning.

A command holds documents; the learned numbers before and after stay with the worker, under the
number of the entry (``engine.session.messages``).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from engine.document import Document

Go = Callable[[int, Document, bool], None]
"""Called with the entry's number, the document to show and whether it is done again."""

EDIT, LEARNING = 1, 2


class EditCommand(QUndoCommand):
    """One edit: the document before and after. Commands with the same ``merge`` key become one."""

    def __init__(
        self, text: str, entry: int, before: Document, after: Document, go: Go, merge: str | None = None
    ) -> None:
        super().__init__(text)
        self.entry, self.before, self.after, self.merge_key = entry, before, after, merge
        self._go, self._done = go, True

    def id(self) -> int:
        return EDIT if self.merge_key is not None else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EditCommand) or other.merge_key != self.merge_key:
            return False
        if other.entry != self.entry:
            return False
        self.after = other.after
        return True

    def redo(self) -> None:
        if self._done:
            self._done = False
            return
        self._go(self.entry, self.after, True)

    def undo(self) -> None:
        self._go(self.entry, self.before, False)


class TravelCommand(EditCommand):
    """To another state of the training: in the past, or in another run."""


class DeedCommand(QUndoCommand):
    """Something that changes neither the document nor what was learned, such as the name of a run."""

    def __init__(self, text: str, do: Callable[[], object], take_back: Callable[[], object]) -> None:
        super().__init__(text)
        self._do, self._take_back = do, take_back

    def redo(self) -> None:
        self._do()

    def undo(self) -> None:
        self._take_back()


class LearningCommand(QUndoCommand):
    """A stretch of learning; the document stays as it is."""

    def __init__(self, text: str, entry: int, document: Document, go: Go) -> None:
        super().__init__(text)
        self.entry, self.document = entry, document
        self._go, self._done = go, True

    def id(self) -> int:
        return LEARNING

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, LearningCommand) or other.entry != self.entry:
            return False
        self.setText(other.text())
        return True

    def redo(self) -> None:
        if self._done:
            self._done = False
            return
        self._go(self.entry, self.document, True)

    def undo(self) -> None:
        self._go(self.entry, self.document, False)
