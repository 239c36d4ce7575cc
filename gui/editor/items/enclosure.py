"""The quiet frames around groups of layers, each with its title and the sign that folds it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from gui.colours import blend
from gui.editor.enclosures import STRIP, Enclosure, enclosures
from gui.editor.geometry import Geometry
from gui.editor.items.caption import GROWTH
from gui.editor.items.fold_signs import SIDE, draw_sign
from gui.editor.items.group_node import MOST_GROWN, GroupNodeItem
from gui.editor.items.text import LEFT, LEGIBLE, elided, magnified, scaled, width_of, write, zoom_of
from gui.editor.marks import Kind, Marks, Thing
from gui.theme import Theme

LARGEST = 4.0
"""How much larger a title becomes at the most when the network is far away."""


class EnclosureItem(QGraphicsItem):
    """The frame of one group, behind everything else."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, enclosure: Enclosure, theme: Theme) -> None:
        super().__init__()
        self.enclosure, self.theme = enclosure, theme
        self.growth = enclosure.strip.height() / (STRIP * theme.scale)
        """How much larger than usual the title is; its strip has that height."""
        self.hovered = self.selected = self.focused = self.on_sign = False
        self.setZValue(-30 + 0.1 * enclosure.path.count("/"))
        edge = 3 * theme.scale
        self._bounds = enclosure.rect.adjusted(-edge, -edge, edge, edge)
        self._outline = outline(enclosure.rects, 14 * theme.scale)

    @property
    def sign(self) -> QRectF:
        """Where the sign stands that folds the group; empty where there is no room for a title."""
        strip = self.enclosure.strip
        if strip.isEmpty():
            return QRectF()
        side, gap = SIDE * self.theme.scale * self.growth, 8 * self.theme.scale * self.growth
        side = min(side, strip.width() / 3)
        return QRectF(strip.left() + gap, strip.center().y() - side / 2, side, side)

    @property
    def title_rect(self) -> QRectF:
        """Where the text of the title stands: what the mouse takes hold of."""
        strip, left = self.enclosure.strip, self.sign.right()
        width = self.growth * (
            width_of(self.theme.fonts.strong, self.enclosure.title) + 14 * self.theme.scale
        )
        return QRectF(left, strip.top(), min(width, strip.right() - left), strip.height())

    def set_marks(self, marks: Marks) -> None:
        """Whether it is under the mouse or in the focus, and whether all its layers are selected."""
        path = self.enclosure.path
        focused = marks.focus.kind is Kind.GROUP and marks.focus.group == path
        hovered, on_sign = marks.hovered_group == path, marks.hovered_fold == f"{path}/"
        about = hovered, self.enclosure.layers <= marks.layers, focused, on_sign
        if about != (self.hovered, self.selected, self.focused, self.on_sign):
            self.hovered, self.selected, self.focused, self.on_sign = about
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, scale = self.theme, self.theme.scale
        edge, width = blend(theme.colour("border"), theme.colour("outline"), 0.35), 1.2 * scale
        if self.hovered:
            edge = theme.colour("outline")
        if self.selected:
            edge, width = theme.colour("accent"), 2.0 * scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, width * magnified(zoom_of(painter), 0.8, LARGEST)))
        painter.setBrush(blend(theme.colour("canvas"), theme.colour("text-muted"), 0.07))
        painter.drawPath(self._outline)
        painter.setBrush(theme.colour("canvas", 0.0))
        font = scaled(theme.fonts.strong, self.growth)
        strip = self.enclosure.strip
        if strip.isEmpty() or zoom_of(painter) * strip.height() * 0.6 < LEGIBLE:
            return
        ink = theme.colour("text" if self.hovered or self.selected else "text-muted")
        rect = self.title_rect.adjusted(7 * scale * self.growth, 0, 0, 0)
        write(painter, rect, elided(font, self.enclosure.title, rect.width()), font, ink, LEFT)
        draw_sign(painter, self.sign, False, theme, self.on_sign)
        if self.focused:
            painter.setPen(QPen(theme.colour("active"), 2 * scale, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(self.title_rect, 6 * scale, 6 * scale)


def outline(rects: tuple[QRectF, ...], corner: float) -> QPainterPath:
    """The line around rectangles that meet; corners are round where they stand out."""
    path = QPainterPath()
    for number, rect in enumerate(rects):
        bridge = len(rects) > 1 and number and number % 2 == 0
        round_ = 0.0 if bridge else min(corner, rect.width() / 3, rect.height() / 3)
        part = QPainterPath()
        part.addRoundedRect(rect, round_, round_)
        path = path.united(part) if number else part
    return path.simplified() if len(rects) > 1 else path


class EnclosureItems:
    """All frames of one document, and the nodes of the groups that are folded. Frames are placed anew when
    the camera is nearer or farther, because captions and titles have another size then."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene, self._theme = scene, theme
        self._geometry: Geometry | None = None
        self._marks = Marks()
        self._growths = (1.0, 1.0)
        self._made: dict[tuple[float, float], tuple[Enclosure, ...]] = {}
        self.items: list[EnclosureItem] = []
        self.nodes: dict[str, GroupNodeItem] = {}

    def rebuild(self, geometry: Geometry, theme: Theme, zoom: float) -> None:
        """Other layers, or other places for them."""
        self._geometry, self._theme, self._growths = geometry, theme, _growths(zoom)
        self._made.clear()
        for old in self.nodes.values():
            self._scene.removeItem(old)
            self._scene.removeItem(old.words)
        self.nodes = {
            path: GroupNodeItem(place, geometry.caption_room(place), geometry.sizes, theme)
            for path, place in geometry.folds.items()
        }
        for node in self.nodes.values():
            geometry.titles[node.place.id] = node.words.width
            self._scene.addItem(node)
            self._scene.addItem(node.words)
        self._place()

    def set_zoom(self, zoom: float) -> None:
        """The camera is nearer or farther."""
        if (self.items or self.nodes) and _growths(zoom) != self._growths:
            self._growths = _growths(zoom)
            self._place()

    def mark(self, marks: Marks) -> None:
        """What is selected and hovered."""
        self._marks = marks
        for item in self.items:
            item.set_marks(marks)
        for node in self.nodes.values():
            node.set_marks(marks)

    def show_step(self, owner: str, walking: bool) -> None:
        """In a walkthrough: the layer of the present step, which may be in a folded group."""
        for node in self.nodes.values():
            node.set_step(owner, walking)

    def keep_pictures(self, mode: QGraphicsItem.CacheMode) -> None:
        """Whether items keep what they painted."""
        for node in self.nodes.values():
            node.setCacheMode(mode)
            node.words.setCacheMode(mode)

    def thing_at(self, point: QPointF) -> Thing | None:
        """The folded group, the title or the fold sign at a point."""
        for path, node in self.nodes.items():
            if node.sign.contains(point):
                return Thing(Kind.FOLD, group=path)
            if node.place.frame.contains(point) or node.place.caption.contains(point):
                return Thing(Kind.GROUP, group=path)
        for item in reversed(self.items):
            if item.sign.contains(point):
                return Thing(Kind.FOLD, group=item.enclosure.path)
            if item.title_rect.contains(point):
                return Thing(Kind.GROUP, group=item.enclosure.path)
        return None

    def layers_of(self, path: str) -> frozenset[str]:
        """The layers in a frame or in a folded group."""
        if path in self.nodes:
            return frozenset(self.nodes[path].place.layers)
        found = (each.enclosure.layers for each in self.items if each.enclosure.path == path)
        return next(found, frozenset())

    def rect_of(self, path: str) -> QRectF:
        """Where a frame or a folded group stands; empty if it is not drawn."""
        if path in self.nodes:
            place = self.nodes[path].place
            return place.frame.united(place.caption)
        whole = QRectF()
        for each in self.items:
            if each.enclosure.path == path:
                whole = whole.united(each.enclosure.rect)
        return whole

    def title_of(self, path: str) -> QRectF:
        """Where its title is written, and edited in place."""
        if path in self.nodes:
            return self.nodes[path].place.caption
        found = (each.title_rect for each in self.items if each.enclosure.path == path)
        return next((each for each in found if each.height() > 0), self.rect_of(path))

    def bounds_at(self, zoom: float) -> QRectF:
        """What all frames take up at a zoom."""
        whole = QRectF()
        if self.items and self._geometry is not None:
            for each in self._at(_growths(zoom)):
                whole = whole.united(each.rect)
        return whole

    def _place(self) -> None:
        for node in self.nodes.values():
            node.set_growth(min(MOST_GROWN, self._growths[1]))
        for old in self.items:
            self._scene.removeItem(old)
        self.items = [EnclosureItem(each, self._theme) for each in self._at(self._growths)]
        for item in self.items:
            item.set_marks(self._marks)
            self._scene.addItem(item)

    def _at(self, growths: tuple[float, float]) -> tuple[Enclosure, ...]:
        """The frames at a size of captions and titles; the last ones are remembered."""
        if self._geometry is None:
            return ()
        if growths not in self._made:
            if len(self._made) > 8:
                self._made.clear()
            self._made[growths] = enclosures(self._geometry, *growths)
        return self._made[growths]


def _growths(zoom: float) -> tuple[float, float]:
    """How much larger captions and titles are."""
    return magnified(zoom, 0.85, GROWTH), magnified(zoom, 0.85, LARGEST)
