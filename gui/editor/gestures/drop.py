"""Something dragged in from the palette: a preview of where it would land, then the landing."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QPainterPath

from gui.editor.gestures.gesture import Gesture, Pointer
from gui.editor.landing import Landing, landing, settle

MIME = "application/x-axon-kind"
"""The format under which the palette hands over the name of a kind."""


def kind_in(mime: QMimeData) -> str:
    """The kind that is being dragged; empty for anything else."""
    return bytes(mime.data(MIME).data()).decode("utf-8", "replace") if mime.hasFormat(MIME) else ""


class Drop(Gesture):
    """From the moment the drag enters the canvas."""

    def __init__(self, canvas, kind: str) -> None:
        super().__init__(canvas)
        self._kind = kind

    def move(self, pointer: Pointer) -> None:
        found = self._landing(pointer)
        path = QPainterPath(found.ghost)
        if found.wires:
            for number in found.wires:
                self.canvas.network.wires.add_to(path, number)
        self.canvas.network.show_ghost(path, found.document is not None)
        self.canvas.bubble.show_at(pointer.view, found.text, good=found.document is not None)

    def finish(self, pointer: Pointer) -> None:
        self.cancel()
        settle(self.workspace, self._landing(pointer))

    def cancel(self) -> None:
        self.canvas.network.hide_ghost()
        self.canvas.bubble.hide()

    def _landing(self, pointer: Pointer) -> Landing:
        network = self.canvas.network
        return landing(network.geometry, network.wires, self._kind, pointer.scene, self.canvas.camera.zoom)
