"""A cut across synapses: all that it crosses go, as one undo entry."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QApplication

from gui.editor.commands import remove, synapses_of
from gui.editor.explaining import explain_at
from gui.editor.gestures.gesture import Gesture, Pointer
from gui.selection import Selection, Synapse, Wire


class Scissors(Gesture):
    """The line may bend; what it crosses is marked while it is drawn."""

    cursor = Qt.CursorShape.CrossCursor

    def begin(self, pointer: Pointer) -> None:
        self._points = [pointer.scene]
        self._start = pointer
        self._crossed: frozenset[Synapse] = frozenset()
        self._lines: frozenset[Wire] = frozenset()

    def move(self, pointer: Pointer) -> None:
        network = self.canvas.network
        crossed = network.wires.crossed(self._points[-1], pointer.scene)
        drawn = network.synapses.drawn
        self._crossed |= synapses_of(network.wires, (n for n in crossed if drawn[n]))
        trunks = network.trunks
        for line in trunks.crossed(self._points[-1], pointer.scene):
            self._lines |= trunks.wires(line)
        self._points.append(pointer.scene)
        path = QPainterPath(self._points[0])
        for point in self._points[1:]:
            path.lineTo(point)
        marked = (network.wires.number_of(synapse) for synapse in self._crossed)
        for number in marked:
            if number is not None:
                path.addPath(_cross(network.wires.point(number, 0.5), 6 * network.theme.scale))
        for number in (trunks.number_of(wire) for wire in self._lines):
            if number is not None:
                path.addPath(_cross(trunks.middle(number), 6 * network.theme.scale))
        network.show_ghost(path, False, dashed=False)
        network.ghost.setBrush(Qt.BrushStyle.NoBrush)
        count = len(self._crossed)
        text = self.canvas.tr("Release to cut {count} synapses").format(count=count)
        if self._lines:
            text = self.canvas.tr("Release to cut {count} connections").format(count=count + len(self._lines))
        if count or self._lines:
            self.canvas.bubble.show_at(pointer.view, text, good=True)

    def finish(self, pointer: Pointer) -> None:
        moved = (pointer.view - self._start.view).manhattanLength()
        if self._start.alt and moved < QApplication.startDragDistance():
            self.cancel()  # Alt and a click, no drag: what is there explains itself
            explain_at(self.canvas, self.canvas.thing_at(self._start.scene), self._start.scene)
            return
        self.move(pointer)
        self.cancel()
        remove(self.workspace, Selection(synapses=self._crossed, wires=self._lines))

    def cancel(self) -> None:
        self.canvas.network.hide_ghost()
        self.canvas.bubble.hide()


def _cross(centre: QPointF, arm: float) -> QPainterPath:
    path = QPainterPath(centre + QPointF(-arm, -arm))
    path.lineTo(centre + QPointF(arm, arm))
    path.moveTo(centre + QPointF(-arm, arm))
    path.lineTo(centre + QPointF(arm, -arm))
    return path
