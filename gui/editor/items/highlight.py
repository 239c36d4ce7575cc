"""Synapses that stand out: hovered, selected, in focus, or calculated with at this step."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from gui.colours import blend
from gui.editor.picture import Picture
from gui.editor.wires import Wires
from gui.theme import Theme


class Highlights:
    """A few path items, painted by Qt: halos behind the synapses, lines and arrows above them."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._theme: Theme | None = None
        self._pixel = 0.0
        self._near = self._item(scene, 18)
        self._selected = self._item(scene, -2)
        self._hovered = self._item(scene, -1)
        self._active = self._item(scene, 21)
        self._arrows = self._item(scene, 22)

    @staticmethod
    def _item(scene: QGraphicsScene, z: float) -> QGraphicsPathItem:
        item = QGraphicsPathItem()
        item.setZValue(z)
        item.setVisible(False)
        scene.addItem(item)
        return item

    def restyle(self, theme: Theme) -> None:
        """Colours and widths."""
        self._theme = theme
        self._renew_pens(theme)

    def set_zoom(self, zoom: float) -> None:
        """The camera is nearer or farther: what is marked is seen from afar too."""
        pixel = 1.0 / zoom if 0 < zoom < 0.7 else 0.0
        if pixel != self._pixel and self._theme is not None:
            self._pixel = pixel
            self._renew_pens(self._theme)

    def lie_above(self, above: bool) -> None:
        """Over a picture of thousands of synapses a halo would not be seen behind it."""
        self._selected.setZValue(1.0 if above else -2.0)
        self._hovered.setZValue(1.1 if above else -1.0)

    def _renew_pens(self, theme: Theme) -> None:
        scale, pixel = theme.scale, self._pixel
        pale = blend(theme.colour("canvas"), theme.colour("active"), 0.35)
        self._near.setPen(QPen(pale, max(2.5 * scale, 1.2 * pixel)))
        ground = theme.colour("canvas")
        self._selected.setPen(
            QPen(blend(ground, theme.colour("accent"), 0.55), max(13.0 * scale, 7.0 * pixel))
        )
        self._hovered.setPen(
            QPen(blend(ground, theme.colour("active"), 0.35), max(13.0 * scale, 7.0 * pixel))
        )
        self._active.setPen(QPen(theme.colour("active"), max(4.0 * scale, 2.0 * pixel)))
        self._arrows.setPen(QPen(Qt.PenStyle.NoPen))
        self._arrows.setBrush(theme.colour("active"))

    def mark(self, wires: Wires, selected: frozenset[int], hovered: frozenset[int]) -> None:
        """What the mouse and the selection point at."""
        _show(self._selected, _paths(wires, selected))
        _show(self._hovered, _paths(wires, hovered))

    def walk(self, wires: Wires, picture: Picture, size: float) -> None:
        """What is calculated with now; arrows say which way the signal runs."""
        active, backward = picture.active, picture.backward
        _show(self._near, _paths(wires, picture.near - active))
        _show(self._active, _paths(wires, active))
        arrows = QPainterPath()
        for number in active:
            if number < len(wires):
                arrows.addPath(_arrow(wires, number, backward, size))
        _show(self._arrows, arrows)


def _paths(wires: Wires, numbers: frozenset[int]) -> QPainterPath:
    path = QPainterPath()
    for number in numbers:
        if 0 <= number < len(wires):
            wires.add_to(path, number)
    return path


def _show(item: QGraphicsPathItem, path: QPainterPath) -> None:
    empty = path.isEmpty()
    if not (empty and not item.isVisible()):
        item.setPath(path)
        item.setVisible(not empty)


def _arrow(wires: Wires, number: int, backward: bool, size: float) -> QPainterPath:
    """The head of an arrow at the end where the signal arrives."""
    tip, before = (wires.point(number, t) for t in ((0.0, 0.05) if backward else (1.0, 0.95)))
    angle = math.atan2(tip.y() - before.y(), tip.x() - before.x())

    def corner(turn: float) -> QPointF:
        return QPointF(tip.x() - size * math.cos(angle + turn), tip.y() - size * math.sin(angle + turn))

    path = QPainterPath()
    path.addPolygon(QPolygonF([tip, corner(0.42), corner(-0.42)]))
    path.closeSubpath()
    return path
