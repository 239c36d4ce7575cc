"""The items of blocks and of the single lines between them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from gui.colours import blend
from gui.editor.block_face import EMPTY, BlockFace
from gui.editor.geometry import Geometry
from gui.editor.items.blocks import BlockItem
from gui.editor.marks import Marks
from gui.editor.trunks import Trunks
from gui.theme import Theme

HEAD = 11.0
"""Length of an arrow's head at scale 1."""


class BlockItems:
    """Made anew with every document; a few path items for all lines together, painted by Qt."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self.trunks: Trunks | None = None
        self.items: dict[str, BlockItem] = {}
        self._selected, self._hovered = self._path(-2), self._path(-1)
        self._idle, self._lines, self._heads = self._path(1), self._path(1), self._path(1)
        self._active, self._active_heads = self._path(21), self._path(22)
        self._walking = False

    def rebuild(self, geometry: Geometry, trunks: Trunks, theme: Theme) -> None:
        """Other layers, or other places for them."""
        for item in self.items.values():
            self._scene.removeItem(item)
        self._theme, self.trunks = theme, trunks
        self.items = {
            place.id: BlockItem(place, geometry.sizes, theme)
            for place in geometry.places.values()
            if place.is_block
        }
        for item in self.items.values():
            self._scene.addItem(item)
        nodes = [tuple(map(geometry.node, trunks.wire(n))) for n in range(len(trunks))]
        used = [n for n, ends in enumerate(nodes) if all(each and each.active for each in ends)]
        idle = [n for n in range(len(trunks)) if n not in used]
        self._lines.setPath(self._lines_of(used))
        self._idle.setPath(self._lines_of(idle))
        self._heads.setPath(self._heads_of(range(len(trunks))))
        self._restyle()
        for each in (self._selected, self._hovered, self._active, self._active_heads):
            each.setPath(QPainterPath())

    def show(self, faces: Mapping[str, BlockFace], active: frozenset[int], walking: bool, back: bool) -> None:
        """Newer numbers, and the lines that are calculated along now."""
        for id, item in self.items.items():
            item.set_face(faces.get(id, EMPTY))
        if walking != self._walking:
            self._walking = walking
            self._restyle()
        self._active.setPath(self._lines_of(active))
        self._active_heads.setPath(self._heads_of(active, 1.4, back))

    def mark(self, marks: Marks) -> None:
        """What is selected, hovered and in the focus."""
        for item in self.items.values():
            item.set_marks(marks)
        self._selected.setPath(self._lines_of(marks.trunks))
        self._hovered.setPath(self._lines_of(marks.hovered_trunks))

    # ---------------------------------------------------------------- inside

    def _path(self, z: float) -> QGraphicsPathItem:
        item = QGraphicsPathItem()
        item.setZValue(z)
        self._scene.addItem(item)
        return item

    def _restyle(self) -> None:
        theme, scale = self._theme, self._theme.scale
        ground = theme.colour("canvas")
        ink = blend(ground, theme.colour("outline"), 0.4 if self._walking else 1.0)
        line = QPen(ink, 2.2 * scale)
        line.setCapStyle(Qt.PenCapStyle.FlatCap)
        self._lines.setPen(line)
        line.setDashPattern([4.0, 3.0])
        self._idle.setPen(line)
        self._selected.setPen(QPen(blend(ground, theme.colour("accent"), 0.55), 13.0 * scale))
        self._hovered.setPen(QPen(blend(ground, theme.colour("active"), 0.35), 13.0 * scale))
        self._active.setPen(QPen(theme.colour("active"), 4.0 * scale))
        for item, colour in ((self._heads, ink), (self._active_heads, theme.colour("active"))):
            item.setPen(QPen(Qt.PenStyle.NoPen))
            item.setBrush(colour)

    def _lines_of(self, numbers) -> QPainterPath:
        path = QPainterPath()
        for number in numbers:
            if self.trunks is not None and 0 <= number < len(self.trunks):
                path.addPath(self.trunks.path(number))
        return path

    def _heads_of(self, numbers, growth: float = 1.0, backward: bool = False) -> QPainterPath:
        path, size = QPainterPath(), HEAD * self._theme.scale * growth
        path.setFillRule(Qt.FillRule.WindingFill)
        for number in numbers:
            if self.trunks is not None and 0 <= number < len(self.trunks):
                path.addPath(self.trunks.head(number, size, backward=backward))
        return path
