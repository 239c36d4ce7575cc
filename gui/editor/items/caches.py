"""The cache of a layer, drawn below it in a walkthrough: a tray with a chip for every array that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from gui.editor.geometry import Geometry
from gui.editor.items.text import LEGIBLE, magnified, scaled, width_of, write, zoom_of
from gui.editor.walk_cache import Chip, Slot
from gui.theme import Theme

HEIGHT: Final = 19.0
GAP: Final = 8.0
"""From the frame of the layer, at scale 1."""
PAD: Final = 4.0
GROWTH: Final = 2.2
"""How much larger a cache becomes at the most when the network is far away."""


class CacheItem(QGraphicsItem):
    """The cache of one layer; its chips are empty, kept, or read now."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, frame: QRectF, room: float, slots: tuple[Slot, ...], theme: Theme) -> None:
        super().__init__()
        self._frame, self._theme, self._room = frame, theme, room
        self.slots = slots
        scale = theme.scale
        self._bounds = QRectF(
            frame.center().x() - room / 2, frame.bottom(), room, (GAP + HEIGHT) * GROWTH * scale
        )
        self.setZValue(23)

    def set_slots(self, slots: tuple[Slot, ...]) -> None:
        """What lies in it now."""
        if slots != self.slots:
            self.slots = slots
            self.update()

    def names(self, zoom: float) -> list[str]:
        """What is written on the chips: short names where the whole ones have no room."""
        scale, font = self._theme.scale, self._theme.fonts.small
        whole = [each.name for each in self.slots]
        wide = sum(width_of(font, each) + (7 + PAD) * scale for each in whole) + PAD * scale
        fits = wide * magnified(zoom, 0.85, GROWTH) <= self._room
        return whole if fits else [each.brief for each in self.slots]

    def tray(self, zoom: float) -> QRectF:
        """Where it stands when the camera is so near."""
        return self._laid_out(zoom)[0]

    def _laid_out(self, zoom: float) -> tuple[QRectF, list[QRectF], QFont]:
        """The tray, its chips and their font: larger from afar, as far as there is room."""
        scale, font = self._theme.scale, self._theme.fonts.small
        texts = [width_of(font, each) + 7 * scale for each in self.names(zoom)]
        wide = sum(texts) + PAD * scale * (len(texts) + 1)
        grow = min(magnified(zoom, 0.85, GROWTH), max(0.5, self._room / wide))
        top = self._frame.bottom() + GAP * scale
        tray = QRectF(self._frame.center().x() - wide * grow / 2, top, wide * grow, HEIGHT * scale * grow)
        pad, x, chips = PAD * scale * grow, tray.left(), []
        for each in texts:
            x += pad
            chips.append(QRectF(x, top, each * grow, tray.height() - pad * 0.75))
            x += each * grow
        return tray, chips, scaled(font, grow)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, zoom = self._theme, zoom_of(painter)
        tray, chips, font = self._laid_out(zoom)
        legible = zoom * tray.height() * 0.6 >= LEGIBLE
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tray(painter, tray, theme)
        for slot, name, rect in zip(self.slots, self.names(zoom), chips, strict=True):
            draw_chip(painter, rect, slot.chip, theme)
            if legible:
                ink = theme.colour("text")
                if slot.chip is Chip.EMPTY:
                    ink = theme.colour("text-muted")
                elif slot.chip is Chip.READ:
                    ink = theme.ink_on(theme.colour("active"))
                write(painter, rect, name, font, ink)


def draw_tray(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """A tray that is open above: the ground and the walls."""
    path = QPainterPath()
    corner = 4 * theme.scale
    path.moveTo(rect.left(), rect.top() + rect.height() * 0.35)
    path.lineTo(rect.left(), rect.bottom() - corner)
    path.quadTo(rect.left(), rect.bottom(), rect.left() + corner, rect.bottom())
    path.lineTo(rect.right() - corner, rect.bottom())
    path.quadTo(rect.right(), rect.bottom(), rect.right(), rect.bottom() - corner)
    path.lineTo(rect.right(), rect.top() + rect.height() * 0.35)
    painter.fillRect(rect, theme.colour("canvas", 0.85))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(theme.colour("outline"), 1.6 * theme.scale)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPath(path)


def draw_chip(painter: QPainter, rect: QRectF, chip: Chip, theme: Theme) -> None:
    """Dashed while it is empty, filled when something lies there, in the colour of now when it is read."""
    scale = theme.scale
    if chip is Chip.EMPTY:
        pen = QPen(theme.colour("text-muted"), 1.0 * scale, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.colour("canvas"))
    elif chip is Chip.KEPT:
        painter.setPen(QPen(theme.colour("outline"), 1.2 * scale))
        painter.setBrush(theme.colour("raised"))
    else:
        painter.setPen(QPen(theme.colour("active"), 2.2 * scale))
        painter.setBrush(theme.colour("active"))
    painter.drawRoundedRect(rect, 3.5 * scale, 3.5 * scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)


class Caches:
    """The caches of all layers that can be seen. Where another layer stands right below there is none."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self.items: dict[str, CacheItem] = {}
        self._rooms: dict[str, tuple[QRectF, float]] = {}
        self._theme: Theme | None = None

    def rebuild(self, geometry: Geometry, theme: Theme) -> None:
        """Other layers, or other places for them."""
        self._clear()
        self._theme = theme
        frames = {place.id: place.frame for place in geometry.places.values()}
        others = [*frames.values(), *(fold.frame for fold in geometry.folds.values())]
        captions = [place.caption for place in geometry.places.values()]
        captions += [fold.caption for fold in geometry.folds.values()]
        needed = (GAP + HEIGHT) * theme.scale
        for id, frame in frames.items():
            room = 0.96 * _room(frame, others)
            below = QRectF(frame.center().x() - room / 2, frame.bottom() + 1, room, needed)
            if not any(below.intersects(each) for each in (*others, *captions) if each is not frame):
                self._rooms[id] = frame, room

    def show(self, caches: Mapping[str, tuple[Slot, ...]]) -> bool:
        """What lies in them now; whether there are others than before."""
        shown = {id: slots for id, slots in caches.items() if id in self._rooms}
        names = {id: [slot.name for slot in slots] for id, slots in shown.items()}
        if names != {id: [slot.name for slot in item.slots] for id, item in self.items.items()}:
            self._clear_items()
            assert self._theme is not None
            for id, slots in shown.items():
                frame, room = self._rooms[id]
                self.items[id] = CacheItem(frame, room, slots, self._theme)
                self._scene.addItem(self.items[id])
            return True
        for id, slots in shown.items():
            self.items[id].set_slots(slots)
        return False

    def trays(self, zoom: float) -> list[QRectF]:
        """Where they stand."""
        return [item.tray(zoom) for item in self.items.values()]

    def bounds_at(self, zoom: float) -> QRectF:
        """What they take up together."""
        bounds = QRectF()
        for tray in self.trays(zoom):
            bounds = bounds.united(tray)
        return bounds

    def _clear(self) -> None:
        self._clear_items()
        self._rooms.clear()

    def _clear_items(self) -> None:
        for item in self.items.values():
            self._scene.removeItem(item)
        self.items.clear()


def _room(frame: QRectF, others: list[QRectF]) -> float:
    """How wide a cache may be: up to the middle between its layer and those beside it."""
    middle = frame.center().x()
    beside = (abs(each.center().x() - middle) for each in others)
    return max(frame.width(), min((each for each in beside if each > 1.0), default=4 * frame.width()))
