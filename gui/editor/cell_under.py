"""Which cell of a block's picture lies under a point, and where the cells stand that light up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QPointF

from gui.editor.block_face import Index
from gui.editor.items.blocks import BlockItem
from gui.editor.painters.kernels import KernelCells
from gui.editor.painters.pictures import Cells
from gui.editor.painters.unrolled import StepCells
from gui.workspace import CellKey


def cell_under(
    item: BlockItem, point: QPointF | None, example: int, parameters: Mapping[str, Any]
) -> CellKey | None:
    """The number there as a cell of an array; without a point the first one of the picture."""
    face = item.face
    if face.values is None:
        return None
    at = tuple(0 for _ in face.values.shape) if point is None else index_under(item, point)
    if at is None or (face.known is not None and not _known(face.known, at)):
        return None
    if face.array != "W":
        return item.place.id, face.array, at, example
    name = _kernel(item, parameters)
    return None if name is None else (item.place.id, name, at, None)


def index_under(item: BlockItem, point: QPointF) -> Index | None:
    """The index of the cell at a point of the scene."""
    cells, values = item.cells, item.face.values
    if cells is None or values is None:
        return None
    found = next(_candidates(cells, point, values.ndim), None)
    return found if found is not None and cells.rect(found).contains(point) else None


def lit_indices(item: BlockItem, cells: Iterable[CellKey]) -> frozenset[Index]:
    """Which of these numbers the block shows: in its picture they are outlined."""
    face = item.face
    if face.values is None:
        return frozenset()
    names = {face.array} if face.array != "W" else set()
    found = set()
    for owner, array, index, _ in cells:
        kernel = face.array == "W" and array.rpartition(" ")[2].removeprefix("d").startswith("W.")
        if owner == item.place.id and (array in names or kernel) and len(index) == face.values.ndim:
            found.add(index)
    return frozenset(found)


def _known(known: Any, at: Index) -> bool:
    inside = len(at) == known.ndim and all(i < n for i, n in zip(at, known.shape, strict=True))
    return inside and bool(known[at])


def _kernel(item: BlockItem, parameters: Mapping[str, Any]) -> str | None:
    """The name of the kernel that a convolution shows."""
    start = f"{item.place.id}."
    names = (key.removeprefix(start) for key in parameters if key.startswith(f"{start}W."))
    return next(names, None)


def _candidates(cells: Cells, point: QPointF, axes: int) -> Iterator[Index]:
    if isinstance(cells, StepCells):
        for (_, step), (area, first, count) in cells.strips.items():
            if area.contains(point):
                yield first + _part(point.y() - area.top(), area.height(), count), step
    elif isinstance(cells, KernelCells):
        for number, places in enumerate(cells.each):
            _, rows, columns = cells.maps[number]
            for channel, area in enumerate(places):
                if area.contains(point):
                    row = _part(point.y() - area.top(), area.height(), rows)
                    column = _part(point.x() - area.left(), area.width(), columns)
                    yield (number, row, column) if axes == 3 else (number, channel, row, column)
    else:
        for number, (area, rows, columns) in enumerate(cells.maps):
            if area.contains(point):
                row = _part(point.y() - area.top(), area.height(), rows)
                column = _part(point.x() - area.left(), area.width(), columns)
                yield {1: (row,), 2: (row, column)}.get(axes, (number, row, column))


def _part(along: float, length: float, count: int) -> int:
    return min(count - 1, int(along / length * count)) if length > 0 else 0
