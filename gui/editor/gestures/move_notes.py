"""Notes dragged to another place, with the layers that are selected with them; or made wider."""

from __future__ import annotations

from PySide6.QtCore import Qt

from engine.document import Document, notes
from gui.editor.commands import ground_of, moved
from gui.editor.gestures.gesture import Gesture, Pointer
from gui.selection import Selection

EDGE = 8.0
"""Pixels from the right edge of a note within which it is made wider."""


class MoveNotes(Gesture):
    """The picture follows the mouse; the document changes once, at the end: one undo entry."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, canvas, selection: Selection) -> None:
        super().__init__(canvas)
        self._notes, self._layers = selection.notes, selection.layers
        self._document = self.workspace.document
        self._ground = ground_of(canvas.network.geometry, self._layers)

    def begin(self, pointer: Pointer) -> None:
        self._start = pointer.scene

    def move(self, pointer: Pointer) -> None:
        self.canvas.preview(self._moved(pointer))

    def finish(self, pointer: Pointer) -> None:
        document = self._moved(pointer)
        self.cancel()
        text = self.canvas.tr("Move a note") if len(self._notes) == 1 else self.canvas.tr("Move notes")
        if self._layers:
            text = self.canvas.tr("Move layers and notes")
        self.workspace.editing.edit(text, document)

    def cancel(self) -> None:
        self.canvas.preview(None)

    def _moved(self, pointer: Pointer) -> Document:
        by = pointer.scene - self._start
        document, ground = moved(self._document, self._ground, self._layers, by.x(), by.y()), self._ground
        places = {}
        for each in document.notes:
            if each.id in self._notes and not each.layer:
                x, y = ground.to_document(ground.to_scene(each.x, each.y) + by)
                places[each.id] = round(x, 3), round(y, 3)
        return notes.move_notes(document, places=places)


class SizeNote(Gesture):
    """The right edge of a note follows the mouse."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, canvas, id: str) -> None:
        super().__init__(canvas)
        self._id, self._document = id, self.workspace.document
        slip = canvas.network.extras.slips[id]
        self._left, self._scale = slip.rect.left(), self.workspace.theme.scale * slip.growth

    def move(self, pointer: Pointer) -> None:
        self.canvas.preview(self._sized(pointer))

    def finish(self, pointer: Pointer) -> None:
        document = self._sized(pointer)
        self.cancel()
        self.workspace.editing.edit(self.canvas.tr("Make a note wider or narrower"), document)

    def cancel(self) -> None:
        self.canvas.preview(None)

    def _sized(self, pointer: Pointer) -> Document:
        width = round((pointer.scene.x() - self._left) / self._scale)
        return notes.size_note(self._document, id=self._id, width=float(width))


def note_gesture(canvas, id: str, start: Pointer) -> Gesture:
    """What a drag that begins on a note does."""
    attached = notes.note(canvas.workspace.document, id).layer
    right = canvas.network.extras.rect_of(id).right()
    if not attached and start.scene.x() > right - EDGE / canvas.camera.zoom:
        return SizeNote(canvas, id)
    chosen = canvas.workspace.selection
    return MoveNotes(canvas, chosen if id in chosen.notes else Selection(notes=frozenset({id})))
