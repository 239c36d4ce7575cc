"""The items of blocks and of the single lines between them."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from gui.colours import blend
from gui.editor.block_face import EMPTY
from gui.editor.cell_under import lit_indices
from gui.editor.geometry import Geometry
from gui.editor.items.blocks import BlockItem
from gui.editor.items.chips import padlock_paths
from gui.editor.marks import Marks
from gui.editor.picture import Lock, Picture
from gui.editor.trunks import Trunks
from gui.theme import Theme
from gui.workspace import CellKey

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
        self._lock_grounds, self._locks = self._path(24), self._path(25)
        self._locked: tuple[Lock, frozenset[str]] = Lock.OPEN, frozenset()

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
        self.lock(Lock.OPEN, frozenset())

    def lock(self, lock: Lock, layers: frozenset[str]) -> None:
        """Padlocks on the lines to these layers, closed or open: whether their weights are held."""
        if (lock, layers) == self._locked:
            return
        self._locked = lock, layers
        grounds, locks, scale = QPainterPath(), QPainterPath(), self._theme.scale
        for number in self.locked_lines:
            assert self.trunks is not None
            middle = self.trunks.middle(number)
            grounds.addEllipse(middle, 11 * scale, 11 * scale)
            rect = QRectF(middle.x() - 5 * scale, middle.y() - 7 * scale, 10 * scale, 13 * scale)
            for path in padlock_paths(rect, lock is Lock.RELEASED):
                locks.addPath(path)
        self._lock_grounds.setPath(grounds)
        self._locks.setPath(locks)

    @property
    def locked_lines(self) -> tuple[int, ...]:
        """The lines that bear a padlock."""
        lock, layers = self._locked
        if lock is Lock.OPEN or self.trunks is None:
            return ()
        ends = (({target for _, target in self.trunks.wires(n)}, n) for n in range(len(self.trunks)))
        return tuple(n for targets, n in ends if targets & layers)

    def show(self, picture: Picture) -> None:
        """Newer numbers, the lines that are calculated along now, and which weights are held."""
        for id, item in self.items.items():
            item.set_face(picture.blocks.get(id, EMPTY))
        if picture.walking != self._walking:
            self._walking = picture.walking
            self._restyle()
        self._active.setPath(self._lines_of(picture.trunks))
        self._active_heads.setPath(self._heads_of(picture.trunks, 1.4, picture.backward))
        self.lock(picture.lock, picture.learners)

    def mark(self, marks: Marks) -> None:
        """What is selected, hovered and in the focus."""
        for item in self.items.values():
            item.set_marks(marks)
        self._selected.setPath(self._lines_of(marks.trunks))
        self._hovered.setPath(self._lines_of(marks.hovered_trunks))

    def light(self, cells: Collection[CellKey]) -> None:
        """Outline these numbers in the pictures that show them."""
        for item in self.items.values():
            item.set_lit(lit_indices(item, cells) if cells else frozenset())

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
        self._lock_grounds.setPen(QPen(Qt.PenStyle.NoPen))
        self._lock_grounds.setBrush(ground)
        self._locks.setPen(QPen(theme.colour("text-muted"), 1.5 * scale))
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
