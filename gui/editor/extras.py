"""What stands on the canvas besides the network: notes, and the signs that fold a layer."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from engine.document import Note
from gui.editor.geometry import Geometry
from gui.editor.items.fold_signs import FoldSignsItem
from gui.editor.items.note_signs import NoteSignsItem
from gui.editor.items.note_slip import SlipItem
from gui.editor.items.stop_signs import StopSignsItem
from gui.editor.items.text import magnified
from gui.editor.marks import Kind, Marks, Thing
from gui.theme import Theme

LARGEST = 2.4
"""How much larger a note becomes at the most when the network is far away."""


class Extras:
    """Made anew with every document."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self._geometry: Geometry | None = None
        self._marks = Marks()
        self.growth = 1.0
        """How much larger notes are drawn, so that they can be read when the network is far away."""
        self.slips: dict[str, SlipItem] = {}
        self.folds, self.signs = FoldSignsItem(theme), NoteSignsItem(theme)
        self.stops = StopSignsItem(theme)
        for item in (self.folds, self.signs, self.stops):
            scene.addItem(item)

    def rebuild(self, geometry: Geometry, theme: Theme, zoom: float) -> None:
        """Other notes or layers, or other places for them."""
        self._geometry, self._theme, self.growth = geometry, theme, _growth(zoom)
        self._marks = Marks()
        self._place()
        geometry.notes = tuple(_shrunk(item.rect, item.growth) for item in self.slips.values())
        self.folds.rebuild(geometry, theme)
        self.stops.rebuild(geometry, theme)
        self.signs.rebuild(geometry, tuple(each for each in geometry.document.notes if each.layer), theme)

    def set_zoom(self, zoom: float) -> None:
        """The camera is nearer or farther."""
        if self.slips and _growth(zoom) != self.growth:
            self.growth = _growth(zoom)
            self._place()

    def bounds_at(self, zoom: float) -> QRectF:
        """What the notes take up at a zoom."""
        whole = QRectF()
        for item in self.slips.values():
            whole = whole.united(_shrunk(item.rect, item.growth / _growth(zoom)))
        return whole

    def mark(self, marks: Marks) -> None:
        """What is selected, hovered and in the focus."""
        self._marks = marks
        self.folds.set_marks(marks)
        self.signs.set_marks(marks)
        for item in self.slips.values():
            item.set_marks(marks)

    def keep_pictures(self, mode: QGraphicsItem.CacheMode) -> None:
        """Whether items keep what they painted."""
        for item in self.slips.values():
            item.setCacheMode(mode)

    def at(self, point: QPointF, zoom: float) -> Thing | None:
        """The note or the fold sign at a point."""
        slack = 2.0 / zoom
        note = self.signs.at(point, slack)
        if not note:
            slips = (id for id, item in reversed(self.slips.items()) if item.rect.contains(point))
            note = next(slips, "")
        if note:
            return Thing(Kind.NOTE, note=note)
        layer = self.folds.at(point, slack)
        return Thing(Kind.FOLD, layer) if layer else None

    def _place(self) -> None:
        for old in self.slips.values():
            self._scene.removeItem(old)
        self.slips = {}
        if self._geometry is None:
            return
        for each in self._geometry.document.notes:
            if not each.layer:
                self.slips[each.id] = self._slip(each, self._geometry)
                self.slips[each.id].set_marks(self._marks)
                self._scene.addItem(self.slips[each.id])

    def _slip(self, note: Note, geometry: Geometry) -> SlipItem:
        """A note as large as is wanted, but not so large that it lies over a layer beside it."""
        corner, growth = geometry.to_scene(note.x, note.y), self.growth
        usual = made = SlipItem(note, corner, self._theme)
        beside = [place.frame for place in geometry.nodes() if not place.frame.intersects(usual.rect)]
        while growth > 1.05:
            made = SlipItem(note, corner, self._theme, growth)
            if not any(frame.intersects(made.rect) for frame in beside):
                return made
            growth -= 0.2
        return usual

    def rect_of(self, note: str) -> QRectF:
        """Where a note or its sign stands; empty if it is not drawn."""
        slip = self.slips.get(note)
        return slip.rect if slip is not None else self.signs.signs.get(note, QRectF())


def _growth(zoom: float) -> float:
    """In steps, so that a turn of the wheel rarely lays out all texts anew."""
    return round(10 * magnified(zoom, 0.8, LARGEST)) / 10


def _shrunk(rect: QRectF, by: float) -> QRectF:
    """The rectangle with the same corner at another size."""
    return QRectF(rect.topLeft(), rect.size() / by)
