"""Dragging the picture with the middle or the right button."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gui.editor.gestures.gesture import Gesture, Pointer


class Pan(Gesture):
    """The point under the mouse stays under the mouse."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def begin(self, pointer: Pointer) -> None:
        self._last = pointer.view

    def move(self, pointer: Pointer) -> None:
        self.canvas.camera.pan(pointer.view - self._last)
        self._last = pointer.view
