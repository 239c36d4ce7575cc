"""A ready-made network dragged in from the palette: it takes the place of all that is there."""

from __future__ import annotations

from PySide6.QtGui import QPainterPath

from gui import ready_made
from gui.editor.gestures.drop import Drop
from gui.editor.gestures.gesture import Pointer


class DropNetwork(Drop):
    """It does not matter where it is dropped."""

    def move(self, pointer: Pointer) -> None:
        network, tr = self.canvas.network, self.canvas.tr
        bounds, path = network.geometry.bounds, QPainterPath()
        text = tr("New: {network}") if bounds.isEmpty() else tr("{network} in the place of this network")
        path.addRoundedRect(bounds.adjusted(-12, -12, 12, 12), 16, 16)
        network.show_ghost(path, True)
        title = ready_made.title_of(ready_made.kind_of(self._kind))
        self.canvas.bubble.show_at(pointer.view, text.format(network=title), good=True)

    def finish(self, pointer: Pointer) -> None:
        self.cancel()
        self.workspace.ready_made.put(ready_made.kind_of(self._kind))
