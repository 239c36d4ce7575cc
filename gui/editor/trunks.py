"""The connections that are drawn as one line: those to and from blocks and folded groups."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from engine.document import Connection
from gui.editor.geometry import Geometry, Place
from gui.editor.wires import detour, single
from gui.selection import Wire

PIECES = 24
"""Straight pieces that a line is measured by."""


class Trunks:
    """All such lines, numbered from 0: from the right edge of a layer to the left edge of another."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry
        self.connections: list[Connection] = []
        """The connection of each line; the first one where a line stands for several."""
        self._all: list[list[Connection]] = []
        ends: dict[tuple[str, str], int] = {}
        pairs: list[tuple[Place, Place]] = []
        for connection in geometry.document.connections:
            source, target = geometry.node(connection.source), geometry.node(connection.target)
            if source is None or target is None or source is target or single(source, target):
                continue
            number = ends.setdefault((source.id, target.id), len(pairs))
            if number < len(pairs):
                self._all[number].append(connection)
                continue
            self.connections.append(connection)
            self._all.append([connection])
            pairs.append((source, target))
        arriving: dict[str, list[Place]] = {}
        for source, target in pairs:
            arriving.setdefault(target.id, []).append(source)
        corners = [_corners(geometry, one, two, arriving[two.id]) for one, two in pairs]
        self._numbers = {(e.source, e.target): n for n, several in enumerate(self._all) for e in several}
        self._corners = np.array(corners).reshape(-1, 4, 2)
        t = np.linspace(0.0, 1.0, PIECES + 1)
        weights = np.stack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
        self._along = np.einsum("kt,nkd->ntd", weights, self._corners)

    def __len__(self) -> int:
        return len(self.connections)

    def wire(self, number: int) -> Wire:
        """As a selection names it."""
        connection = self.connections[number]
        return connection.source, connection.target

    def wires(self, number: int) -> frozenset[Wire]:
        """All connections that a line stands for: several where a folded group is at one of its ends."""
        return frozenset((each.source, each.target) for each in self._all[number])

    def number_of(self, wire: Wire) -> int | None:
        """The number of the line of a connection, if it is drawn as one."""
        return self._numbers.get(wire)

    def into(self, *layers: str) -> list[int]:
        """The lines that end at a layer, or at one of these."""
        return [n for n, each in enumerate(self.connections) if each.target in layers]

    # ---------------------------------------------------------------- lines

    def path(self, number: int) -> QPainterPath:
        """One line."""
        start, one, two, end = (QPointF(*each) for each in self._corners[number])
        path = QPainterPath(start)
        path.cubicTo(one, two, end)
        return path

    def head(self, number: int, size: float, *, backward: bool = False) -> QPainterPath:
        """The head of its arrow; ``backward`` for a gradient, which runs the other way."""
        tip, before = self._along[number][[0, 2] if backward else [-1, -3]]
        angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
        corners = [QPointF(*tip)]
        for turn in (0.42, -0.42):
            corners.append(
                QPointF(tip[0] - size * math.cos(angle + turn), tip[1] - size * math.sin(angle + turn))
            )
        path = QPainterPath()
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
        return path

    def middle(self, number: int) -> QPointF:
        """The point half way."""
        return QPointF(*self._along[number][PIECES // 2])

    # ---------------------------------------------------------------- under the mouse

    def nearest(self, x: float, y: float, reach: float) -> int | None:
        """The line nearest to a point, if it is within reach."""
        if not len(self):
            return None
        a, b = self._along[:, :-1], self._along[:, 1:]
        along, there = b - a, np.array([x, y]) - a
        length = (along**2).sum(axis=2)
        t = np.clip((there * along).sum(axis=2) / np.where(length > 0, length, 1.0), 0.0, 1.0)
        apart = ((there - t[..., None] * along) ** 2).sum(axis=2).min(axis=1)
        best = int(apart.argmin())
        return best if apart[best] <= reach * reach else None

    def crossed(self, start: QPointF, end: QPointF) -> list[int]:
        """The lines that a cut from one point to another goes through."""
        cut = QPolygonF([start, end])
        box = cut.boundingRect()
        found = []
        c, d = np.array([start.x(), start.y()]), np.array([end.x(), end.y()])
        for number in range(len(self)):
            if box.adjusted(-1, -1, 1, 1).intersects(self.path(number).boundingRect().adjusted(-1, -1, 1, 1)):
                a, b = self._along[number][:-1], self._along[number][1:]
                apart = _side(a, b, c) * _side(a, b, d) <= 0
                beyond = _side(c[None], d[None], a) * _side(c[None], d[None], b) <= 0
                if bool((apart & beyond).any()) and start != end:
                    found.append(number)
        return found

    def within(self, rect: QRectF) -> list[int]:
        """The lines whose middle lies in a rectangle."""
        return [number for number in range(len(self)) if rect.contains(self.middle(number))]


def _side(a: NDArray[np.float64], b: NDArray[np.float64], point: NDArray[np.float64]) -> NDArray[np.float64]:
    along, offset = b - a, point - a
    side: NDArray[np.float64] = along[..., 0] * offset[..., 1] - along[..., 1] * offset[..., 0]
    return side


def _corners(geometry: Geometry, source: Place, target: Place, arriving: list[Place]) -> NDArray[np.float64]:
    """The four points of a cubic curve; a line round layers in between bends up or down."""
    start = np.array([source.frame.right(), source.middle])
    end = np.array([target.frame.left(), target.middle + _offset(geometry, source, target, arriving)])
    shift = detour(geometry, source, target)
    if shift:
        aside, down = 0.12 * (end[0] - start[0]), 0.7 * shift
        return np.array([start, start + np.array([aside, down]), end + np.array([-aside, down]), end])
    pull = np.array([max(0.5 * abs(end[0] - start[0]), 30 * geometry.sizes.scale), 0.0])
    if abs(end[1] - start[1]) < 0.5 and end[0] > start[0]:
        pull = (end - start) / 3
    return np.array([start, start + pull, end - pull, end])


def _offset(geometry: Geometry, source: Place, target: Place, arriving: list[Place]) -> float:
    """Several lines into one layer arrive beside one another, in the order of where they come from."""
    if len(arriving) < 2:
        return 0.0

    def height(place: Place) -> tuple[float, float]:
        return place.middle + detour(geometry, place, target), place.frame.center().x()

    heights = sorted(arriving, key=height)
    step = min(16.0 * geometry.sizes.scale, 0.7 * target.frame.height() / (len(arriving) - 1))
    return step * (heights.index(source) - (len(arriving) - 1) / 2)
