"""The right button: moved it drags the picture, released at once it opens the menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from gui.editor.gestures.gesture import Gesture, Pointer
from gui.editor.gestures.pan import Pan


class RightPress(Gesture):
    """Waits until it is clear which of the two the user means."""

    def begin(self, pointer: Pointer) -> None:
        self._start = pointer

    def move(self, pointer: Pointer) -> None:
        if (pointer.view - self._start.view).manhattanLength() >= QApplication.startDragDistance():
            self.canvas.gestures.start(Pan(self.canvas), self._start)
            self.canvas.gestures.move(pointer)

    def finish(self, pointer: Pointer) -> None:
        viewport = self.canvas.viewport()
        where = viewport.mapToGlobal(pointer.view)
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Other, pointer.view, where)
        QApplication.sendEvent(viewport, asked)


class OneMenu(QObject):
    """Some systems ask for the menu when the button goes down, others when it comes up: ``RightPress``
    asks for it itself, and what the system asks after a press is dropped once."""

    def __init__(self, viewport: QObject) -> None:
        super().__init__(viewport)
        self.drops = False
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QContextMenuEvent) or event.reason() != QContextMenuEvent.Reason.Mouse:
            return False
        drops, self.drops = self.drops, False
        return drops
