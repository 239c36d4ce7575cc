"""Where a folded group stands: one node in the place of its layers, with a small sketch of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from engine.core.place import Shape
from engine.document import Document
from engine.document.grouping import title_of
from gui.drawn import Drawn
from gui.editor.sizes import Sizes

if TYPE_CHECKING:
    from gui.editor.geometry import LayerPlace

WIDTH, HEIGHT = 148.0, 104.0
"""Of a node, at scale 1."""
MOST_SKETCHED = 60
"""Of a larger group no sketch is drawn: it would be grey."""


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A folded group as it is drawn. It has what a line needs to end at it, as a layer's place has."""

    path: str
    layers: tuple[str, ...]
    """The layers in it, in the order of the document."""
    frame: QRectF
    caption: QRectF
    shapes: tuple[Shape, ...]
    """What comes out of it, each shape once."""
    active: bool
    spots: tuple[QPointF, ...] = ()
    """Where its layers stand in the sketch, from (0, 0) to (1, 1)."""
    lines: tuple[tuple[int, int], ...] = ()
    """Which of them are connected."""
    drawn: Drawn = Drawn(neurons=False, sized=False)
    is_block: bool = True
    units: tuple[object, ...] = ()

    @property
    def id(self) -> str:
        """A key that no layer has."""
        return f"{self.path}/"

    @property
    def title(self) -> str:
        """What the group is called within the one around it."""
        return title_of(self.path)

    @property
    def middle(self) -> float:
        """The height at which lines to it end."""
        return self.frame.center().y()


def group_place(
    path: str,
    inside: Sequence[LayerPlace],
    middle_x: float,
    others: Iterable[QRectF],
    document: Document,
    sizes: Sizes,
) -> GroupPlace:
    """The node of a group: in the middle of its layers, or where one of them stands if that is taken."""
    taken = list(others)
    ids = {each.id for each in inside}
    centres = [each.frame.center() for each in inside]
    top, bottom = min(each.y() for each in centres), max(each.y() for each in centres)
    middle = QPointF(middle_x, (top + bottom) / 2)
    nearest = sorted(centres, key=lambda each: (each - middle).manhattanLength())
    rects = [_rect(each, sizes) for each in (middle, *nearest)]
    frame = next((each for each in rects if not any(each.intersects(other) for other in taken)), rects[0])
    width, height = sizes.caption
    caption = QRectF(frame.center().x() - width / 2, frame.top() - height - 4 * sizes.scale, width, height)
    out = {each.source for each in document.connections if each.source in ids and each.target not in ids}
    ends = [each for each in inside if each.id in out or each.role == "output"]
    shapes = tuple(dict.fromkeys(each.drawn.shape for each in ends if each.drawn.shape))
    spots, lines = _sketch(inside, document) if len(inside) <= MOST_SKETCHED else ((), ())
    active = any(each.active for each in inside)
    order = tuple(each.id for each in inside)
    return GroupPlace(path, order, frame, caption, shapes, active, spots, lines)


def _rect(centre: QPointF, sizes: Sizes) -> QRectF:
    width, height = WIDTH * sizes.scale, HEIGHT * sizes.scale
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)


def _sketch(
    inside: Sequence[LayerPlace], document: Document
) -> tuple[tuple[QPointF, ...], tuple[tuple[int, int], ...]]:
    """The layers as the document places them: columns and rows, the distances between them evened out."""
    columns, rows = _ranks([each.layer.x for each in inside]), _ranks([each.layer.y for each in inside])
    spots = tuple(QPointF(x, y) for x, y in zip(columns, rows, strict=True))
    numbers = {each.id: number for number, each in enumerate(inside)}
    lines = tuple(
        (numbers[each.source], numbers[each.target])
        for each in document.connections
        if each.source in numbers and each.target in numbers
    )
    return spots, lines


def _ranks(values: list[float], near: float = 30.0) -> list[float]:
    """Each value by its rank, from 0 to 1; values that are near one another share one."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    ranks, rank = [0.0] * len(values), 0
    for before, place in zip([None, *order], order, strict=False):
        if before is not None and values[place] - values[before] > near:
            rank += 1
        ranks[place] = rank
    return [each / rank if rank else 0.5 for each in ranks]
