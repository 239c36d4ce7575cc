"""Where the bubble and the numbers of a step stand: where they cover least of what is read now."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from gui.editor.geometry import Geometry, UnitPlace
from gui.editor.items.chips import plate_of
from gui.editor.items.notes import Bubble, lines_of, size_of
from gui.editor.labels import SHARES
from gui.editor.picture import Note, Picture
from gui.editor.wires import Wires
from gui.theme import Theme

MANY = 12
"""Of more active synapses than this the numbers stay where they are."""
FAITHFUL = 1.6
"""A bubble stays on its side of the neuron unless another one is that much better."""
OWN, NEURON, BIAS, CAPTION, NAME = 90.0, 90.0, 4.0, 4.0, 3.0
ACTIVE, NEAR, LABEL = 40.0, 5.0, 1.2
FAR = 0.12
"""What it costs to stand a unit farther from the neuron."""
OUTSIDE = 60.0
"""What it costs to cover a piece of something as large as a letter."""

ALONG = np.linspace(0.04, 0.96, 24)
"""Where a synapse is as many small boxes."""
SHIFTS = (0, -1, 1, -2, 2, -3, 3)
"""How far a bubble is moved along, in steps."""

Place = tuple[int, int, int, int]
"""Lines, side, shift and distance of a bubble: the same from step to step."""


class Ground:
    """What stands on the canvas already, with the cost of covering it."""

    def __init__(self, letter: float) -> None:
        self._letter = letter
        self._boxes: list[tuple[float, float, float, float, float]] = []
        self._table: np.ndarray | None = None

    def add(self, rect: QRectF, cost: float) -> None:
        """Something more."""
        self._boxes.append((rect.left(), rect.top(), rect.right(), rect.bottom(), cost))
        self._table = None

    def line(self, wires: Wires, number: int, cost: float) -> None:
        """A synapse, as a row of small boxes."""
        half = self._letter / 4
        for x, y in wires.points(number, ALONG).tolist():
            self._boxes.append((x - half, y - half, x + half, y + half, cost))
        self._table = None

    def costs(self, those: np.ndarray) -> np.ndarray:
        """What it costs to cover it with each of some boxes (left, top, right, bottom)."""
        if not self._boxes:
            return np.zeros(len(those))
        if self._table is None:
            self._table = np.array(self._boxes).T
        left, top, right, bottom, costs = self._table
        one, two, three, four = those.T[:, :, None]
        wide = np.minimum(right, three) - np.maximum(left, one)
        high = np.minimum(bottom, four) - np.maximum(top, two)
        covered = np.maximum(wide, 0.0) * np.maximum(high, 0.0)
        return covered @ costs / self._letter**2


@dataclass(frozen=True)
class Arranged:
    """Where everything stands at a step."""

    spots: Mapping[int, QPointF] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    """Synapses whose number has no room beside what is said now."""
    bubbles: tuple[Bubble, ...] = ()


class Arranger:
    """Finds the places; remembers on which side of a neuron its bubble stands."""

    def __init__(self, geometry: Geometry, wires: Wires, theme: Theme) -> None:
        self._geometry, self._wires, self._theme = geometry, wires, theme
        self.names: tuple[QRectF, ...] = ()
        """What stands beside inputs and outputs."""
        self.trays: tuple[QRectF, ...] = ()
        """The caches below the layers."""
        self._unit: tuple[str, int] | None = None
        self._place: Place | None = None

    def arrange(
        self, picture: Picture, spots: Mapping[int, QPointF], view: QRectF, growth: float
    ) -> Arranged:
        """All places of a step, in the order of importance: active numbers, bubble, the other numbers."""
        placed = dict(spots)
        plates = {n: plate_of(picture.chips[n], spots[n], self._theme) for n in spots if n in picture.chips}
        solid = self._ground()
        taken: list[QRectF] = []
        active = [n for n in sorted(picture.active) if n in plates and picture.chips[n].framed]
        if len(active) <= MANY:
            ground = self._with_labels(solid, plates, picture, skip=picture.active)
            for number in active:
                rect = self._beside_wire(picture, number, ground, view, growth)
                placed[number], plates[number] = rect.center(), rect
                ground.add(rect, ACTIVE)
                taken.append(rect)
        bubbles: list[Bubble] = []
        for note in picture.notes:
            ground = self._with_labels(solid, plates, picture)
            for rect in taken:
                ground.add(rect, ACTIVE)
            for number in sorted(picture.active)[:MANY]:
                ground.line(self._wires, number, ACTIVE)
            for number in sorted(picture.near - picture.active)[: 4 * MANY]:
                ground.line(self._wires, number, NEAR)
            found = self._bubble(note, ground, view, growth)
            if found is not None:
                bubbles.append(found)
                taken.append(found.rect)
        hidden = self._make_room(placed, plates, taken, picture)
        return Arranged(placed, hidden, tuple(bubbles))

    # ---------------------------------------------------------------- what is there

    def _ground(self) -> list[tuple[QRectF, float]]:
        geometry, r = self._geometry, self._geometry.sizes.radius
        found = [(rect, NAME) for rect in self.names] + [(rect, BIAS) for rect in self.trays]
        for fold in geometry.folds.values():
            found += [(fold.caption.adjusted(r, 0, -r, 0), CAPTION), (fold.frame, NEURON)]
        for place in geometry.places.values():
            found.append((place.caption.adjusted(r, 0, -r, 0), CAPTION))
            if place.is_block:
                found.append((place.frame, NEURON))
            for unit in place.units:
                found.append((QRectF(unit.x - r, unit.y - r, 2 * r, 2 * r), NEURON))
                if place.bias:
                    found.append((place.bias_rect(unit, geometry.sizes), BIAS))
        return found

    def _with_labels(
        self,
        solid: Iterable[tuple[QRectF, float]],
        plates: Mapping[int, QRectF],
        picture: Picture,
        skip: frozenset[int] = frozenset(),
    ) -> Ground:
        ground = Ground(12 * self._theme.scale)
        for rect, cost in solid:
            ground.add(rect, cost)
        for number, rect in plates.items():
            if number not in skip:
                ground.add(rect, NEAR if number in picture.near else LABEL)
        return ground

    # ---------------------------------------------------------------- places

    def _beside_wire(
        self, picture: Picture, number: int, ground: Ground, view: QRectF, growth: float
    ) -> QRectF:
        """The plate of an active synapse's number: on its line, where it covers least."""
        figure, rects, costs = picture.chips[number], [], []
        for t in (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7):
            point = self._wires.point(number, t)
            plate = plate_of(figure, point, self._theme, growth)
            for shift in (0.0, -0.8, 0.8):
                rects.append(plate.translated(0, shift * plate.height() / len(figure.rows)))
                costs.append(6 * abs(t - 0.5) + 3 * abs(shift))
        boxes = _boxes(rects)
        return rects[int(np.argmin(ground.costs(boxes) + self._outside(boxes, view) + np.array(costs)))]

    def _bubble(self, note: Note, ground: Ground, view: QRectF, growth: float) -> Bubble | None:
        unit = self._geometry.anchor(*note.unit)
        if unit is None:
            return None
        r = self._geometry.sizes.radius
        ground.add(QRectF(unit.x - r, unit.y - r, 2 * r, 2 * r), OWN)
        ways = lines_of(note.text)
        places, boxes = self._candidates(unit, ways, growth)
        x, y = _nearest(boxes, unit)
        far = np.hypot(x - unit.x, y - unit.y) - r
        lines = np.array([place[0] for place in places])
        costs = ground.costs(boxes) + self._outside(boxes, view) + FAR * far / self._theme.scale + 1.5 * lines
        best = int(np.argmin(costs))
        old = places.index(self._place) if self._unit == note.unit and self._place in places else best
        if costs[old] <= FAITHFUL * costs[best] + 6.0:
            best = old
        self._unit, self._place = note.unit, places[best]
        rect = _into(_rect(boxes[best]), view)
        tip = QPointF(*(float(each[0]) for each in _nearest(_boxes((rect,)), unit)))
        length = math.dist((unit.x, unit.y), (tip.x(), tip.y())) or 1.0
        rim = QPointF(unit.x + (tip.x() - unit.x) * r / length, unit.y + (tip.y() - unit.y) * r / length)
        return Bubble(note, ways[places[best][0]], rect, tip, rim)

    def _candidates(
        self, unit: UnitPlace, ways: list[tuple[str, ...]], growth: float
    ) -> tuple[list[Place], np.ndarray]:
        """Above, below, left and right of a neuron, more or less far and shifted along; as boxes."""
        sizes = self._geometry.sizes
        r, gap = sizes.radius, 8 * sizes.scale
        steps = np.array(
            [gap, sizes.padding + gap, sizes.padding + 4 * gap, 0.5 * sizes.pitch + gap, 1.2 * sizes.pitch]
        )
        shifts = np.array(SHIFTS)
        found = []
        for way in ways:
            width, height = size_of(way, self._theme, growth)
            along, down = np.meshgrid(shifts * (width / 2 - r) / 2, r + steps + height / 2)
            above, across = np.meshgrid(shifts * 0.5 * sizes.pitch, r + steps + width / 2)
            x = unit.x + np.stack((along, along, -across, across), axis=-1) - width / 2
            y = unit.y + np.stack((-down, down, above, above), axis=-1) - height / 2
            found.append(np.stack((x, y, x + width, y + height), axis=-1).reshape(-1, 4))
        named = product(range(len(ways)), range(len(steps)), SHIFTS, range(4))
        return [(lines, side, shift, near) for lines, near, shift, side in named], np.concatenate(found)

    def _make_room(
        self,
        placed: dict[int, QPointF],
        plates: dict[int, QRectF],
        taken: list[QRectF],
        picture: Picture,
    ) -> frozenset[int]:
        """Numbers that something important covers step aside along their lines, or are left out."""
        r = self._geometry.sizes.radius
        blocked = list(taken)
        for unit in self._geometry.units():
            blocked.append(QRectF(unit.x - r, unit.y - r, 2 * r, 2 * r))
        covered = [
            number
            for number, plate in plates.items()
            if plate not in taken and any(plate.intersects(rect) for rect in taken)
        ]
        hidden: set[int] = set()
        for number in sorted(covered, key=lambda n: (n not in picture.near, n)):
            others = [plate for other, plate in plates.items() if other != number and other not in hidden]
            for share in SHARES:
                point = self._wires.point(number, share)
                plate = plate_of(picture.chips[number], point, self._theme)
                if not any(plate.intersects(rect) for rect in (*blocked, *others)):
                    placed[number], plates[number] = point, plate
                    break
            else:
                hidden.add(number)
        return frozenset(hidden)

    def _outside(self, boxes: np.ndarray, view: QRectF) -> np.ndarray:
        """What it costs that boxes are partly out of sight."""
        if view.isEmpty():
            return np.zeros(len(boxes))
        left, top, right, bottom = boxes.T
        wide = np.minimum(right, view.right()) - np.maximum(left, view.left())
        high = np.minimum(bottom, view.bottom()) - np.maximum(top, view.top())
        inside = np.maximum(wide, 0.0) * np.maximum(high, 0.0)
        missing = (right - left) * (bottom - top) - inside
        return OUTSIDE * missing / (12 * self._theme.scale) ** 2


def _boxes(rects: Sequence[QRectF]) -> np.ndarray:
    """Rectangles as rows (left, top, right, bottom)."""
    return np.array([(each.left(), each.top(), each.right(), each.bottom()) for each in rects])


def _rect(box: np.ndarray) -> QRectF:
    left, top, right, bottom = map(float, box)
    return QRectF(left, top, right - left, bottom - top)


def _nearest(boxes: np.ndarray, unit: UnitPlace) -> tuple[np.ndarray, np.ndarray]:
    """The point of each box that is nearest to a neuron."""
    left, top, right, bottom = boxes.T
    return np.clip(unit.x, left, right), np.clip(unit.y, top, bottom)


def _into(rect: QRectF, view: QRectF) -> QRectF:
    """The rectangle, moved into sight if it fits there."""
    moved = QRectF(rect)
    if view.isEmpty() or rect.width() > view.width() or rect.height() > view.height():
        return moved
    moved.moveLeft(min(max(moved.left(), view.left()), view.right() - moved.width()))
    moved.moveTop(min(max(moved.top(), view.top()), view.bottom() - moved.height()))
    return moved
