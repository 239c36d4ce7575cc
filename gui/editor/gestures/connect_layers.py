"""All synapses between two layers, drawn from the handle of one to the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath

from gui.editor.commands import connect, why_not
from gui.editor.geometry import LayerPlace
from gui.editor.gestures.gesture import Gesture, Pointer
from gui.editor.wires import single


class ConnectLayers(Gesture):
    """Every neuron of the one with every neuron of the other; what was cut heals."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas, layer: str) -> None:
        super().__init__(canvas)
        self._layer = layer

    def move(self, pointer: Pointer) -> None:
        goal, geometry = self._goal(pointer), self.canvas.network.geometry
        reason = self._refusal(goal)
        place = geometry.places.get(self._layer)
        if place is None:
            return
        path = QPainterPath(place.handle(geometry.sizes))
        if goal is None:
            path.lineTo(pointer.scene)
            self.canvas.bubble.hide()
        else:
            path.lineTo(goal.frame.center())
            path.addRoundedRect(goal.frame.adjusted(-5, -5, 5, 5), 16, 16)
            synapses = place.layer.size * goal.layer.size
            text = self.canvas.tr("Release to draw all {count} synapses").format(count=synapses)
            if not single(place, goal):
                text = self.canvas.tr("Release to connect the two layers")
            self.canvas.bubble.show_at(pointer.view, reason or text, good=not reason)
        self.canvas.network.show_ghost(path, not reason)

    def finish(self, pointer: Pointer) -> None:
        self.cancel()
        goal = self._goal(pointer)
        if goal is not None:
            reason = self._refusal(goal)
            if reason:
                self.workspace.say(reason)
            else:
                connect(self.workspace, self._layer, goal.id)

    def cancel(self) -> None:
        self.canvas.network.hide_ghost()
        self.canvas.bubble.hide()

    def _goal(self, pointer: Pointer) -> LayerPlace | None:
        layer = self.canvas.network.geometry.layer_at(pointer.scene.x(), pointer.scene.y())
        return None if layer is not None and layer.id == self._layer else layer

    def _refusal(self, goal: LayerPlace | None) -> str:
        if goal is None:
            return ""
        document = self.workspace.document
        wire = document.connection(self._layer, goal.id)
        if wire is not None and not wire.cut:
            return self.canvas.tr("These two layers are connected already.")
        return why_not(document, self._layer, goal.id)
