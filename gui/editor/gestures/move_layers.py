"""Layers dragged to another place."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from engine.document import Document
from gui.editor.commands import ground_of, layer_title, moved
from gui.editor.geometry import Geometry, LayerPlace
from gui.editor.gestures.gesture import Gesture, Pointer
from gui.editor.gestures.snapping import Rows, Snap

SNAP = 7.0
"""Pixels within which a layer lines up with another one."""


class MoveLayers(Gesture):
    """The picture follows the mouse; the document changes once, at the end: one undo entry.

    Centres stop in line with those of the layers that stay, and at equal distances; Alt lets go of that.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, canvas, layers: frozenset[str], group: str = "") -> None:
        super().__init__(canvas)
        self._layers, self._group = layers, group
        self._document = self.workspace.document

    def begin(self, pointer: Pointer) -> None:
        self._start = pointer.scene
        geometry = self.canvas.network.geometry
        self._ground = ground_of(geometry, self._layers)
        standing = [(_level(place, geometry), id in self._layers) for id, place in geometry.places.items()]
        standing += [(each.frame, self._layers.issuperset(each.layers)) for each in geometry.folds.values()]
        own, others = ([rect for rect, moves in standing if moves is wanted] for wanted in (True, False))
        self._rows = Rows(own, others, geometry.sizes.scale)

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

    def _moved(self, pointer: Pointer) -> Document:
        by, _, _ = self._fit(pointer)
        return moved(self._document, self._ground, self._layers, by.x(), by.y())

    def _fit(self, pointer: Pointer) -> tuple[QPointF, Snap | None, Snap | None]:
        """How far the layers move, and what made them stop there."""
        by = pointer.scene - self._start
        if pointer.alt or not self.workspace.showing.snapping:
            return by, None, None
        across, down = self._rows.snap(by, SNAP / self.canvas.camera.zoom)
        x = by.x() if across is None else across.shift
        y = by.y() if down is None else down.shift
        return QPointF(x, y), across, down

    def _guides(self, pointer: Pointer) -> None:
        """Show why the layers stop here."""
        by, across, down = self._fit(pointer)
        network = self.canvas.network
        if across is None and down is None:
            network.hide_ghost()
            return
        network.show_ghost(self._rows.guides(across, down, by), True, dashed=False)
        network.ghost.setBrush(Qt.BrushStyle.NoBrush)
        network.ghost.setPen(QPen(network.theme.colour("accent"), 1.4 * network.theme.scale))


def _level(place: LayerPlace, geometry: Geometry) -> QRectF:
    """The frame of a layer, with its middle where its neurons have theirs: biases hang below them."""
    rect = QRectF(place.frame)
    up = place.layer.y * geometry.sizes.down - rect.top()
    rect.setHeight(2 * up)
    return rect
