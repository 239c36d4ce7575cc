"""A synapse drawn from one neuron to another."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath

from gui.editor.commands import connect, draw, why_not
from gui.editor.geometry import LayerPlace, UnitPlace
from gui.editor.gestures.gesture import Gesture, Pointer
from gui.selection import Selection, Unit


class ConnectUnits(Gesture):
    """A line follows the mouse; an illegal goal refuses at once and says why."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas, unit: Unit) -> None:
        super().__init__(canvas)
        self._unit = unit

    def move(self, pointer: Pointer) -> None:
        goal = self._goal(pointer)
        reason = self._refusal(goal)
        start = self.canvas.network.geometry.unit(*self._unit)
        if start is None:
            return
        self.canvas.network.show_ghost(_line(self.canvas, start, pointer.scene, goal), not reason)
        if reason:
            self.canvas.bubble.show_at(pointer.view, reason, good=False)
        elif goal is not None:
            text = self.canvas.tr("Release to draw this synapse")
            if isinstance(goal, LayerPlace):
                text = self.canvas.tr("Release to connect the two layers")
            self.canvas.bubble.show_at(pointer.view, text, good=True)
        else:
            self.canvas.bubble.hide()

    def finish(self, pointer: Pointer) -> None:
        self.cancel()
        goal = self._goal(pointer)
        if goal is None:
            return
        reason = self._refusal(goal)
        if reason:
            self.workspace.say(reason)
            return
        source, sender = self._unit
        if isinstance(goal, LayerPlace):
            connect(self.workspace, source, goal.id)
            return
        if draw(self.workspace, source, sender, goal.layer, goal.key):
            synapse = (source, sender, goal.layer, goal.key)
            self.workspace.select(Selection(synapses=frozenset({synapse})))

    def cancel(self) -> None:
        self.canvas.network.hide_ghost()
        self.canvas.bubble.hide()

    def _goal(self, pointer: Pointer) -> UnitPlace | LayerPlace | None:
        """The neuron under the mouse; in the frame of a layer the nearest one; a block as a whole."""
        geometry = self.canvas.network.geometry
        x, y = pointer.scene.x(), pointer.scene.y()
        unit = geometry.unit_at(x, y, slack=6.0)
        if unit is None:
            layer = geometry.layer_at(x, y)
            if layer is not None and layer.is_block:
                return layer
            unit = geometry.nearest_unit(layer.id, y) if layer is not None else None
        return None if unit is not None and unit.unit == self._unit else unit

    def _refusal(self, goal: UnitPlace | LayerPlace | None) -> str:
        if goal is None:
            return ""
        document = self.workspace.document
        source, sender = self._unit
        target = goal.id if isinstance(goal, LayerPlace) else goal.layer
        wire = document.connection(source, target)
        if wire is not None and isinstance(goal, LayerPlace):
            return self.canvas.tr("These two layers are connected already.")
        if wire is not None and isinstance(goal, UnitPlace) and (goal.key, sender) not in wire.cut:
            return self.canvas.tr("These two neurons are connected already.")
        return why_not(document, source, target)


def _line(canvas, start: UnitPlace, mouse: QPointF, goal: UnitPlace | LayerPlace | None) -> QPainterPath:
    """From the handle to the mouse, with the goal ringed."""
    path = QPainterPath(canvas.network.geometry.port(start))
    if isinstance(goal, LayerPlace):
        path.lineTo(QPointF(goal.frame.left(), goal.frame.center().y()))
        path.addRoundedRect(goal.frame.adjusted(-5, -5, 5, 5), 16, 16)
        return path
    path.lineTo(mouse if goal is None else goal.centre)
    if goal is not None:
        reach = canvas.network.geometry.sizes.radius + 6
        path.addEllipse(goal.centre, reach, reach)
    return path
