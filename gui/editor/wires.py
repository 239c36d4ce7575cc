"""The synapses that are drawn, as NumPy arrays: their lines, their weights, and what is under a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from engine.document import Connection
from gui.editor.geometry import Geometry, LayerPlace, Place, UnitPlace
from gui.selection import Synapse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PIECES = 14
"""Straight pieces that a curve is measured by."""


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """The drawn synapses of one connection: numbers ``start`` to ``start + len(receivers)``."""

    connection: Connection
    start: int
    receivers: Ints
    """Row in W of each synapse."""
    senders: Ints
    """Column in W of each synapse."""
    shape: tuple[int, int]
    """Of W."""
    flat: Ints
    """Place of each synapse among the weights, row by row."""

    @property
    def key(self) -> str:
        """The name of its weights among the parameters."""
        return f"{self.connection.target}.W.{self.connection.source}"

    @property
    def stop(self) -> int:
        """The number after its last synapse."""
        return self.start + len(self.receivers)


class Wires:
    """All drawn synapses, numbered from 0. Each is a line from P to R, bent towards Q where it must."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry
        self.bundles: list[Bundle] = []
        parts: list[Floats] = []
        bent: list[NDArray[np.bool_]] = []
        count = 0
        for connection in geometry.document.connections:
            source, target = geometry.places.get(connection.source), geometry.places.get(connection.target)
            if source is None or target is None or source is target or not single(source, target):
                continue
            receivers, senders = _cells(connection, source, target)
            points, curved = _curves(geometry, source, target, receivers, senders)
            rows = np.array([unit.index for unit in target.units], dtype=np.int64)[receivers]
            columns = np.array([unit.index for unit in source.units], dtype=np.int64)[senders]
            shape = target.layer.size, source.layer.size
            self.bundles.append(Bundle(connection, count, rows, columns, shape, rows * shape[1] + columns))
            parts.append(points)
            bent.append(np.full(len(rows), curved))
            count += len(rows)
        points = np.concatenate(parts) if parts else np.zeros((0, 3, 2))
        self.P, self.Q, self.R = points[:, 0], points[:, 1], points[:, 2]
        self._points = points
        self.bent = np.concatenate(bent) if bent else np.zeros(0, dtype=bool)
        self._starts = np.array([each.start for each in self.bundles], dtype=np.int64)
        self._A, self._B, self._owner = self._pieces()
        self._across, self._down = np.ascontiguousarray((self._B - self._A).T)
        length = self._across**2 + self._down**2
        self._length = np.where(length > 0, length, 1.0)
        self.locked_ones = frozenset(self._locked())
        """The synapses that training leaves as they are."""

    def __len__(self) -> int:
        return len(self.P)

    @property
    def pieces(self) -> tuple[Floats, Floats, Ints]:
        """Straight pieces from A to B, (n, 2) each, with the synapse that each belongs to."""
        return self._A, self._B, self._owner

    @cached_property
    def bounds(self) -> QRectF:
        """What all synapses together take up."""
        if not len(self):
            return QRectF()
        ends = np.concatenate([self._A, self._B])
        (left, top), (right, bottom) = ends.min(axis=0).tolist(), ends.max(axis=0).tolist()
        return QRectF(left, top, right - left, bottom - top)

    @cached_property
    def _lines(self) -> list[list[float]]:
        """Six numbers a synapse; Python reads lists faster than arrays."""
        found: list[list[float]] = self._points.reshape(-1, 6).tolist()
        return found

    # ---------------------------------------------------------------- which one

    def bundle_of(self, number: int) -> Bundle:
        """The connection that a synapse belongs to."""
        return self.bundles[int(np.searchsorted(self._starts, number, side="right")) - 1]

    def cell(self, number: int) -> tuple[str, tuple[int, int]]:
        """Parameter key and index of its weight."""
        bundle = self.bundle_of(number)
        place = number - bundle.start
        return bundle.key, (int(bundle.receivers[place]), int(bundle.senders[place]))

    def synapse(self, number: int) -> Synapse:
        """As a selection names it."""
        bundle = self.bundle_of(number)
        _, (receiver, sender) = self.cell(number)
        places, wire = self.geometry.places, bundle.connection
        sending = places[wire.source].layer.units[sender]
        return wire.source, sending, wire.target, places[wire.target].layer.units[receiver]

    def number_of(self, synapse: Synapse) -> int | None:
        """The number of a synapse, if it is drawn."""
        source, sender, target, receiver = synapse
        one, two = self.geometry.unit(source, sender), self.geometry.unit(target, receiver)
        if one is None or two is None:
            return None
        return self.number_at(f"{target}.W.{source}", (two.index, one.index))

    def number_at(self, key: str, index: tuple[int, ...]) -> int | None:
        """The number of the synapse with that weight, if it is drawn."""
        table = self._tables.get(key)
        if table is None or len(index) != 2:
            return None
        number = int(table[index])
        return number if number >= 0 else None

    @cached_property
    def _tables(self) -> dict[str, Ints]:
        """For each connection a matrix with the number of the synapse that each weight belongs to, or -1."""
        found = {}
        for bundle in self.bundles:
            table = np.full(bundle.shape, -1, dtype=np.int64)
            table.reshape(-1)[bundle.flat] = np.arange(bundle.start, bundle.stop)
            found[bundle.key] = table
        return found

    def into(self, unit: UnitPlace, most: int) -> frozenset[int]:
        """The synapses that end at a neuron; none if there are more than ``most``."""
        found: list[int] = []
        for bundle in self.bundles:
            if bundle.connection.target == unit.layer:
                found += (bundle.start + np.flatnonzero(bundle.receivers == unit.index)).tolist()
        return frozenset(found) if len(found) <= most else frozenset()

    def locked(self, number: int) -> bool:
        """Whether training leaves it as it is."""
        return number in self.locked_ones

    def _locked(self) -> Iterator[int]:
        for bundle in self.bundles:
            wire = bundle.connection
            for receiver, sender in wire.locked:
                number = self.number_of((wire.source, sender, wire.target, receiver))
                if number is not None:
                    yield number

    # ---------------------------------------------------------------- values and lines

    def values(self, arrays: Mapping[str, NDArray]) -> Floats:
        """One number a synapse from arrays by parameter key; NaN where there is none."""
        found = np.full(len(self), np.nan)
        for bundle in self.bundles:
            array = arrays.get(bundle.key)
            if array is not None and array.shape == bundle.shape:
                found[bundle.start : bundle.stop] = array.reshape(-1).take(bundle.flat)
        return found

    def pending(self, arrays: Mapping[str, NDArray]) -> NDArray[np.bool_] | None:
        """The synapses for which there is no number yet; ``None`` if there are none."""
        missing = [each for each in self.bundles if each.key not in arrays]
        if not missing:
            return None
        found = np.zeros(len(self), dtype=np.bool_)
        for bundle in missing:
            found[bundle.start : bundle.stop] = True
        return found

    def fits(self, arrays: Mapping[str, NDArray]) -> bool:
        """Whether the arrays are those of this document."""
        for bundle in self.bundles:
            array = arrays.get(bundle.key)
            if array is not None and array.shape != bundle.shape:
                return False
        return True

    def point(self, number: int, t: float) -> QPointF:
        """The point a share ``t`` of the way from sender to receiver."""
        p, q, r = self.P[number], self.Q[number], self.R[number]
        x, y = (1 - t) ** 2 * p + 2 * t * (1 - t) * q + t**2 * r
        return QPointF(float(x), float(y))

    def points(self, number: int, shares: Floats) -> Floats:
        """Several such points, as rows (x, y)."""
        t = shares[:, np.newaxis]
        found: Floats = (
            (1 - t) ** 2 * self.P[number] + 2 * t * (1 - t) * self.Q[number] + t**2 * self.R[number]
        )
        return found

    def add_to(self, path: QPainterPath, number: int) -> None:
        """Append a synapse to a path."""
        px, py, qx, qy, rx, ry = self._lines[number]
        path.moveTo(px, py)
        if self.bent[number]:
            path.quadTo(qx, qy, rx, ry)
        else:
            path.lineTo(rx, ry)

    def path(self, number: int) -> QPainterPath:
        """One synapse as a path."""
        path = QPainterPath()
        self.add_to(path, number)
        return path

    # ---------------------------------------------------------------- under the mouse

    def nearest(self, x: float, y: float, reach: float, drawn: NDArray[np.bool_] | None = None) -> int | None:
        """The synapse nearest to a point, if it is within reach."""
        if not len(self._A):
            return None
        right, down = x - self._A[:, 0], y - self._A[:, 1]
        t = np.clip((right * self._across + down * self._down) / self._length, 0.0, 1.0)
        distance = (right - t * self._across) ** 2 + (down - t * self._down) ** 2
        if drawn is not None:
            distance = np.where(drawn[self._owner], distance, np.inf)
        best = int(np.argmin(distance))
        return int(self._owner[best]) if distance[best] <= reach * reach else None

    def crossed(self, start: QPointF, end: QPointF) -> Ints:
        """The synapses that a cut from one point to another goes through."""
        c, d = np.array([start.x(), start.y()]), np.array([end.x(), end.y()])
        one = _side(self._A, self._B, c) * _side(self._A, self._B, d) <= 0
        cut = d - c
        a, b = self._A - c, self._B - c
        two = (cut[0] * a[:, 1] - cut[1] * a[:, 0]) * (cut[0] * b[:, 1] - cut[1] * b[:, 0]) <= 0
        if not cut.any():
            return np.zeros(0, dtype=np.int64)
        return np.unique(self._owner[one & two])

    def within(self, rect: QRectF) -> Ints:
        """The synapses whose middle lies in a rectangle."""
        middle = 0.25 * self.P + 0.5 * self.Q + 0.25 * self.R
        x, y = middle[:, 0], middle[:, 1]
        inside = (x >= rect.left()) & (x <= rect.right()) & (y >= rect.top()) & (y <= rect.bottom())
        return np.flatnonzero(inside)

    def _pieces(self) -> tuple[Floats, Floats, Ints]:
        """Straight pieces for measuring distances, each with the synapse it belongs to."""
        straight, curved = np.flatnonzero(~self.bent), np.flatnonzero(self.bent)
        starts, ends, owners = [self.P[straight]], [self.R[straight]], [straight]
        ts = np.linspace(0.0, 1.0, PIECES + 1)
        weights = np.stack([(1 - ts) ** 2, 2 * ts * (1 - ts), ts**2])
        points = np.stack([self.P[curved], self.Q[curved], self.R[curved]])
        along = np.einsum("kt,knd->ntd", weights, points)
        starts.append(along[:, :-1].reshape(-1, 2))
        ends.append(along[:, 1:].reshape(-1, 2))
        owners.append(np.repeat(curved, PIECES))
        return np.concatenate(starts), np.concatenate(ends), np.concatenate(owners).astype(np.int64)


def single(source: Place, target: Place) -> bool:
    """Whether the synapses between two layers are drawn one by one."""
    return target.drawn.synapses and not source.is_block and not target.is_block


def _side(a: Floats, b: Floats, point: Floats) -> Floats:
    along, offset = b - a, point - a
    return along[:, 0] * offset[:, 1] - along[:, 1] * offset[:, 0]


def _cells(connection: Connection, source: LayerPlace, target: LayerPlace) -> tuple[Ints, Ints]:
    """Places among the drawn units of the synapses that are not cut."""
    there = np.ones((len(target.units), len(source.units)), dtype=np.bool_)
    if connection.cut:
        rows = {unit.key: row for row, unit in enumerate(target.units)}
        columns = {unit.key: column for column, unit in enumerate(source.units)}
        for receiver, sender in connection.cut:
            if receiver in rows and sender in columns:
                there[rows[receiver], columns[sender]] = False
    receivers, senders = np.nonzero(there)
    return receivers, senders


def _curves(
    geometry: Geometry, source: LayerPlace, target: LayerPlace, receivers: Ints, senders: Ints
) -> tuple[Floats, bool]:
    """The three points of every synapse, (n, 3, 2), and whether they are bent round other layers."""
    start = np.array([(unit.x, unit.y) for unit in source.units]).reshape(-1, 2)[senders]
    end = np.array([(unit.x, unit.y) for unit in target.units]).reshape(-1, 2)[receivers]
    middle = (start + end) / 2
    shift = detour(geometry, source, target)
    if shift:
        centre = (source.frame.center().y() + target.frame.center().y()) / 2
        middle[:, 1] = centre + shift + 0.3 * (middle[:, 1] - centre)
    rim = geometry.sizes.radius - 1.0
    start, end = start + rim * _unit(middle - start), end + rim * _unit(middle - end)
    if not shift:
        middle = (start + end) / 2
    return np.stack([start, middle, end], axis=1), bool(shift)


def _unit(vectors: Floats) -> Floats:
    length = np.hypot(vectors[:, 0], vectors[:, 1])[:, None]
    return vectors / np.where(length > 0, length, 1.0)


def detour(geometry: Geometry, source: Place, target: Place) -> float:
    """How far the middle must be moved up (negative) or down to go round the layers in between."""
    one, two = source.frame.center(), target.frame.center()
    if abs(two.x() - one.x()) < 1.0:
        return 0.0
    up, down = 0.0, 0.0
    tall = max(source.frame.height(), target.frame.height()) / 2
    for place in geometry.nodes():
        if place is source or place is target:
            continue
        shares = [(x - one.x()) / (two.x() - one.x()) for x in (place.frame.left(), place.frame.right())]
        if not all(0.02 < t < 0.98 for t in shares):
            continue
        for t in shares:
            line = one.y() + t * (two.y() - one.y())
            if place.frame.bottom() < line - tall or place.frame.top() > line + tall:
                continue
            room, bow = 14 * geometry.sizes.scale, 2 * t * (1 - t)
            up = min(up, (place.caption.top() - room - line) / bow)
            down = max(down, (place.frame.bottom() + room - line) / bow)
    return up if -up < down else down
