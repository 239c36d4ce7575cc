"""Layers dragged to another place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath

from gui.editor.commands import layer_title, moved
from gui.editor.gestures.gesture import Gesture, Pointer

SNAP = 7.0
"""Pixels within which a layer lines up with another one."""


class MoveLayers(Gesture):
    """The picture follows the mouse; the document changes once, at the end: one undo entry.

    Centres line up with those of the layers that stay; Alt lets go of that.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, canvas, layers: frozenset[str], group: str = "") -> None:
        super().__init__(canvas)
        self._layers, self._group = layers, group
        self._document = self.workspace.document

    def begin(self, pointer: Pointer) -> None:
        self._start = pointer.scene
        places = self.canvas.network.geometry.places
        self._centres = [place.frame.center() for id, place in places.items() if id in self._layers]
        self._others = [place.frame.center() for id, place in places.items() if id not in self._layers]
        self._geometry = self.canvas.network.geometry

    def move(self, pointer: Pointer) -> None:
        self.canvas.preview(self._moved(pointer))
        self._guides(pointer)

    def finish(self, pointer: Pointer) -> None:
        document = self._moved(pointer)
        self.cancel()
        text = self.canvas.tr("Move layers")
        if len(self._layers) == 1:
            title = layer_title(self._document, next(iter(self._layers)))
            text = self.canvas.tr("Move {layer}").format(layer=title)
        if self._group:
            title = self._group.rpartition("/")[2]
            text = self.canvas.tr("Move {layer}").format(layer=title)
        self.workspace.editing.edit(text, document)

    def cancel(self) -> None:
        self.canvas.network.hide_ghost()
        self.canvas.preview(None)

    def _moved(self, pointer: Pointer):
        dx, dy = self._shift(pointer)
        return moved(self._document, self._geometry, self._layers, dx, dy)

    def _shift(self, pointer: Pointer) -> tuple[float, float]:
        by = pointer.scene - self._start
        dx, dy = by.x(), by.y()
        if pointer.alt:
            return dx, dy
        near = SNAP / self.canvas.camera.zoom
        ys = [other.y() - own.y() for other in self._others for own in self._centres]
        xs = [other.x() - own.x() for other in self._others for own in self._centres]
        return _snapped(dx, xs, near), _snapped(dy, ys, near)

    def _guides(self, pointer: Pointer) -> None:
        """A line through the centres that line up."""
        dx, dy = self._shift(pointer)
        path = QPainterPath()
        for own in self._centres:
            for other in self._others:
                if abs(own.y() + dy - other.y()) < 0.01:
                    path.moveTo(min(own.x() + dx, other.x()), other.y())
                    path.lineTo(max(own.x() + dx, other.x()), other.y())
        if path.isEmpty():
            self.canvas.network.hide_ghost()
        else:
            self.canvas.network.show_ghost(path, True)


def _snapped(shift: float, goals: list[float], near: float) -> float:
    best = min(goals, key=lambda goal: abs(goal - shift), default=shift)
    return best if abs(best - shift) <= near else shift
