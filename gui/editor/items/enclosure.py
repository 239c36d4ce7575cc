"""The quiet frames around groups of layers, each with its title."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from gui.colours import blend
from gui.editor.enclosures import Enclosure, enclosures
from gui.editor.geometry import Geometry
from gui.editor.items.caption import GROWTH
from gui.editor.items.text import LEFT, LEGIBLE, elided, magnified, scaled, width_of, write, zoom_of
from gui.editor.marks import Marks
from gui.theme import Theme

LARGEST = 4.0
"""How much larger a title becomes at the most when the network is far away."""


class EnclosureItem(QGraphicsItem):
    """The frame of one group, behind everything else."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, enclosure: Enclosure, growth: float, theme: Theme) -> None:
        super().__init__()
        self.enclosure, self.growth, self.theme = enclosure, growth, theme
        self.hovered = self.selected = False
        self.setZValue(-30 + 0.1 * enclosure.path.count("/"))
        edge = 3 * theme.scale
        self._bounds = enclosure.rect.adjusted(-edge, -edge, edge, edge)

    @property
    def title_rect(self) -> QRectF:
        """Where the text of the title stands: what the mouse takes hold of."""
        strip = self.enclosure.strip
        width = self.growth * (
            width_of(self.theme.fonts.strong, self.enclosure.title) + 24 * self.theme.scale
        )
        return QRectF(strip.left(), strip.top(), min(width, strip.width()), strip.height())

    def set_marks(self, marks: Marks) -> None:
        """Whether it is under the mouse, and whether all its layers are selected."""
        about = marks.hovered_group == self.enclosure.path, self.enclosure.layers <= marks.layers
        if about != (self.hovered, self.selected):
            self.hovered, self.selected = about
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, scale, rect = self.theme, self.theme.scale, self.enclosure.rect
        edge, width = theme.colour("border"), 1.2 * scale
        if self.hovered:
            edge = theme.colour("outline")
        if self.selected:
            edge, width = theme.colour("accent"), 2.0 * scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, width * magnified(zoom_of(painter), 0.8, LARGEST)))
        painter.setBrush(blend(theme.colour("canvas"), theme.colour("text-muted"), 0.045))
        painter.drawRoundedRect(rect, 14 * scale, 14 * scale)
        painter.setBrush(theme.colour("canvas", 0.0))
        font = scaled(theme.fonts.strong, self.growth)
        strip = self.enclosure.strip
        if zoom_of(painter) * strip.height() * 0.6 < LEGIBLE:
            return
        gap = 10 * scale * self.growth
        ink = theme.colour("text" if self.hovered or self.selected else "text-muted")
        text = elided(font, self.enclosure.title, strip.width() - 1.5 * gap)
        write(painter, strip.adjusted(gap, 0, 0, 0), text, font, ink, LEFT)


class EnclosureItems:
    """All frames of one document. They are placed anew when the camera is nearer or farther,
    because captions and titles have another size then."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self._geometry: Geometry | None = None
        self._marks = Marks()
        self._growths = (1.0, 1.0)
        self.items: list[EnclosureItem] = []

    def rebuild(self, geometry: Geometry, theme: Theme, zoom: float) -> None:
        """Other layers, or other places for them."""
        self._geometry, self._theme, self._growths = geometry, theme, _growths(zoom)
        self._place()

    def set_zoom(self, zoom: float) -> None:
        """The camera is nearer or farther."""
        if self.items and _growths(zoom) != self._growths:
            self._growths = _growths(zoom)
            self._place()

    def mark(self, marks: Marks) -> None:
        """What is selected and hovered."""
        self._marks = marks
        for item in self.items:
            item.set_marks(marks)

    def at(self, point: QPointF) -> str:
        """The group whose title is at a point; empty if there is none."""
        titles = (each for each in reversed(self.items) if each.title_rect.contains(point))
        return next((each.enclosure.path for each in titles), "")

    def layers_of(self, path: str) -> frozenset[str]:
        """The layers in a frame."""
        found = (each.enclosure.layers for each in self.items if each.enclosure.path == path)
        return next(found, frozenset())

    def rect_of(self, path: str) -> QRectF:
        """Where a frame stands; empty if it is not drawn."""
        return next((each.enclosure.rect for each in self.items if each.enclosure.path == path), QRectF())

    def bounds_at(self, zoom: float) -> QRectF:
        """What all frames take up at a zoom."""
        whole = QRectF()
        if self.items and self._geometry is not None:
            for each in enclosures(self._geometry, *_growths(zoom)):
                whole = whole.united(each.rect)
        return whole

    def _place(self) -> None:
        for old in self.items:
            self._scene.removeItem(old)
        found = enclosures(self._geometry, *self._growths) if self._geometry is not None else ()
        self.items = [EnclosureItem(each, self._growths[1], self._theme) for each in found]
        for item in self.items:
            item.set_marks(self._marks)
            self._scene.addItem(item)


def _growths(zoom: float) -> tuple[float, float]:
    """How much larger captions and titles are."""
    return magnified(zoom, 0.85, GROWTH), magnified(zoom, 0.85, LARGEST)
