"""Where layers that are moved stop: in line with others, or as far from one as that is from the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

FEW = 4
"""Of more layers that are moved together only their places in line count."""
TICK = 6.0
"""Half the length of the strokes at the ends of an equal distance, at scale 1."""


@dataclass(frozen=True, slots=True)
class Snap:
    """One way in which a coordinate fits: the shift, and what it fits to."""

    shift: float
    own: int
    """Which of the moved centres."""
    marks: tuple[float, ...]
    """The coordinate in line, or the three of equal distance from the lowest on."""


def snap_of(shift: float, own: Sequence[float], others: Iterable[float], near: float) -> Snap | None:
    """The nearest fit within ``near`` of a shift; in line comes before equal distances."""
    there = sorted(set(others))
    lines = [Snap(other - mine, n, (other,)) for n, mine in enumerate(own) for other in there]
    best = _nearest(lines, shift, near)
    if best is not None or len(own) > FEW:
        return best
    equal = []
    for n, mine in enumerate(own):
        for low, high in pairwise(there):
            middle, gap = (low + high) / 2, high - low
            if gap < 4 * near:
                continue
            equal.append(Snap(middle - mine, n, (low, middle, high)))
            equal.append(Snap(high + gap - mine, n, (low, high, high + gap)))
            equal.append(Snap(low - gap - mine, n, (low - gap, low, high)))
    return _nearest(equal, shift, near)


@dataclass(frozen=True, slots=True)
class Rows:
    """Among what layers are moved: the moved ones, the others, and lengths for what is drawn."""

    own: Sequence[QRectF]
    """The frames of the moved layers where they were."""
    others: Sequence[QRectF]
    scale: float = 1.0

    def snap(self, by: QPointF, near: float) -> tuple[Snap | None, Snap | None]:
        """What a shift fits to, across and down."""
        own, others = [each.center() for each in self.own], [each.center() for each in self.others]
        across = snap_of(by.x(), [each.x() for each in own], (each.x() for each in others), near)
        down = snap_of(by.y(), [each.y() for each in own], (each.y() for each in others), near)
        return across, down

    def guides(self, across: Snap | None, down: Snap | None, by: QPointF) -> QPainterPath:
        """Lines through centres that are in line, and measures of equal distances."""
        path = QPainterPath()
        if across is not None:
            self._guide(path, across, by, flip=False)
        if down is not None:
            self._guide(path, down, by, flip=True)
        return path

    def _guide(self, path: QPainterPath, snap: Snap, by: QPointF, *, flip: bool) -> None:
        """Written for x; ``flip`` exchanges x and y."""

        def point(x: float, y: float) -> QPointF:
            return QPointF(y, x) if flip else QPointF(x, y)

        def pair(centre: QPointF) -> tuple[float, float]:
            return (centre.y(), centre.x()) if flip else (centre.x(), centre.y())

        frame = self.own[snap.own].translated(by)
        mine = pair(frame.center())[1]
        if len(snap.marks) == 1:
            (x,) = snap.marks
            level = [y for at, y in (pair(each.center()) for each in self.others) if abs(at - x) < 0.01]
            path.moveTo(point(x, min([*level, mine])))
            path.lineTo(point(x, max([*level, mine])))
            return
        tick = TICK * self.scale
        beside = (frame.right() if flip else frame.bottom()) + 3 * tick
        for low, high in pairwise(snap.marks):
            path.moveTo(point(low, beside))
            path.lineTo(point(high, beside))
            middle = (low + high) / 2
            for x in (middle - tick / 3, middle + tick / 3):  # two strokes: as long as the other one
                path.moveTo(point(x, beside - tick / 2))
                path.lineTo(point(x, beside + tick / 2))
        for x in snap.marks:
            path.moveTo(point(x, beside - tick))
            path.lineTo(point(x, beside + tick))


def _nearest(found: Sequence[Snap], shift: float, near: float) -> Snap | None:
    best = min(found, key=lambda each: abs(each.shift - shift), default=None)
    return best if best is not None and abs(best.shift - shift) <= near else None
