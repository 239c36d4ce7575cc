"""A rectangle drawn over the ground selects what lies in it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath

from gui.editor.commands import synapses_of
from gui.editor.gestures.gesture import Gesture, Pointer
from gui.selection import Selection


class RubberBand(Gesture):
    """Layers that lie in it wholly, else neurons, else synapses by their middle. Shift or Ctrl adds."""

    cursor = Qt.CursorShape.CrossCursor

    def begin(self, pointer: Pointer) -> None:
        self._start = pointer
        self._before = self.workspace.selection

    def move(self, pointer: Pointer) -> None:
        rect = QRectF(self._start.scene, pointer.scene).normalized()
        path = QPainterPath()
        path.addRect(rect)
        self.canvas.network.show_ghost(path, True)
        found = self._inside(rect)
        if pointer.shift or pointer.ctrl:
            found = self._before.with_other(found)
        self.workspace.select(found)

    def finish(self, pointer: Pointer) -> None:
        self.move(pointer)
        self.canvas.network.hide_ghost()

    def cancel(self) -> None:
        self.canvas.network.hide_ghost()
        self.workspace.select(self._before)

    def _inside(self, rect: QRectF) -> Selection:
        network = self.canvas.network
        places = network.geometry.places.values()
        layers = frozenset(place.id for place in places if rect.contains(place.frame))
        folds = (each for each in network.geometry.folds.values() if rect.contains(each.frame))
        layers |= {id for each in folds for id in each.layers}
        notes = frozenset(id for id, slip in network.extras.slips.items() if rect.contains(slip.rect))
        inside = (unit for unit in network.geometry.units() if rect.contains(unit.centre))
        units = frozenset(unit.unit for unit in inside if unit.layer not in layers)
        if layers or units or notes:
            return Selection(layers, units, notes=notes)
        return Selection(
            synapses=synapses_of(network.wires, network.wires.within(rect)),
            wires=frozenset(wire for n in network.trunks.within(rect) for wire in network.trunks.wires(n)),
        )
