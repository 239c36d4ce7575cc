"""The kernels of a convolution: what each filter looks for, in the colours of the weights."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QPainter

from gui.editor.block_face import BlockFace, Floats
from gui.editor.painters.pictures import MOST_MAPS, Cells, draw, maps, scale_of, tiles
from gui.theme import Theme

MOST_CHANNELS, SMALLEST = 4, 3.0
"""So many channels stand side by side if a weight then has so many pixels; of others the mean is shown."""


@dataclass
class _Filters:
    """The pictures of all filters: an array (filters, channels or 1, rows, columns)."""

    pictures: Floats
    mean: bool = False
    flat: bool = False
    """Whether it is over time: a row a channel, a column a tap."""


class KernelCells(Cells):
    """Where each weight (filter, channel, tap ...) stands."""

    def __init__(self, filters: _Filters) -> None:
        super().__init__()
        self._filters = filters
        self.each: list[list[QRectF]] = []
        """For every filter the rectangles of its channels."""

    def rect(self, index: tuple[int, ...]) -> QRectF:
        if len(index) < 3 or index[0] >= len(self.each):
            return QRectF()
        if self._filters.flat:
            channel, (row, column) = 0, index[1:3]
        else:
            channel, row, column = (0 if self._filters.mean else index[1]), index[-2], index[-1]
        rows, columns = self._filters.pictures.shape[2:]
        if channel >= len(self.each[index[0]]) or row >= rows or column >= columns:
            return QRectF()
        area = self.each[index[0]][channel]
        wide, high = area.width() / columns, area.height() / rows
        return QRectF(area.left() + column * wide, area.top() + row * high, wide, high)


@dataclass
class _Plan:
    filters: _Filters
    areas: list[QRectF] = field(default_factory=list)


def kernels(painter: QPainter, room: QRectF, face: BlockFace, theme: Theme) -> Cells:
    """One small picture a filter; of a few input channels one each, of many their mean."""
    assert face.values is not None
    plan = _planned(face.values, room, theme)
    filters, cells = plan.filters, KernelCells(plan.filters)
    pictures = filters.pictures
    table, span = scale_of(pictures, True, theme)
    channels, rows, columns = pictures.shape[1:]
    for number, area in enumerate(plan.areas):
        gap = _between(channels, theme)
        wide = (area.width() - gap * (channels - 1)) / channels
        places = [
            QRectF(area.left() + n * (wide + gap), area.top(), wide, area.height()) for n in range(channels)
        ]
        for channel, place in enumerate(places):
            draw(painter, place, pictures[number, channel], None, table, span, theme)
        cells.maps.append((area, rows, columns))
        cells.each.append(places)
    return cells


def applied(painter: QPainter, room: QRectF, face: BlockFace, theme: Theme) -> Cells:
    """The kernel that is laid upon the picture now, and below it the feature map that it fills."""
    assert face.values is not None and face.cell is not None
    number, values = face.cell[0], face.values
    below = _applied(painter, room, face.others["W"][number], theme)
    known = None if face.known is None else face.known[number : number + 1]
    cells = maps(painter, below, values[number : number + 1], known, face.slope, theme)
    cells.maps[:0] = [(QRectF(), 0, 0)] * number
    return cells


def is_applied(face: BlockFace) -> bool:
    """Whether a walkthrough calculates a cell of a feature map, with the kernel at hand."""
    kernel, values, cell = face.others.get("W"), face.values, face.cell
    if kernel is None or values is None or cell is None or face.array == "W":
        return False
    return kernel.ndim == 4 and values.ndim == 3 and cell[0] < min(len(kernel), len(values))


def _applied(painter: QPainter, room: QRectF, kernel: Floats, theme: Theme) -> QRectF:
    """Paint the kernel (channels, rows, columns); the room that is left."""
    shown = kernel[:MOST_CHANNELS]
    channels, rows, columns = shown.shape
    above = QRectF(room.left(), room.top(), room.width(), 0.42 * room.height())
    table, span = scale_of(kernel, True, theme)
    for picture, area in zip(shown, tiles(channels, above, columns, rows, 4.0 * theme.scale), strict=True):
        draw(painter, area, picture, None, table, span, theme)
    return room.adjusted(0, above.height() + 5.0 * theme.scale, 0, 0)


def kernel_note(face: BlockFace) -> str:
    """What the pictures leave out."""
    translate = QCoreApplication.translate
    if face.values is None:
        return ""
    if is_applied(face) and face.cell is not None:
        words = translate("Canvas", "filter {number} of {count}")
        return words.format(number=face.cell[0] + 1, count=len(face.values))
    count, channels = face.values.shape[:2]
    mean, some = face.values.ndim == 4 and channels > MOST_CHANNELS, count > MOST_MAPS
    words = translate("Canvas", "kernels")
    if mean and some:
        words = translate("Canvas", "{shown} of {count}, mean of {channels}")
    elif mean:
        words = translate("Canvas", "kernels, mean of {channels}")
    elif some:
        words = translate("Canvas", "kernels, {shown} of {count}")
    return words.format(shown=MOST_MAPS, count=count, channels=channels)


def _planned(values: Floats, room: QRectF, theme: Theme) -> _Plan:
    count = min(len(values), MOST_MAPS)
    if values.ndim == 3:
        filters = _Filters(values[:count, None], flat=True)
    elif values.shape[1] <= MOST_CHANNELS:
        filters = _Filters(values[:count])
    else:
        filters = _Filters(_mean(values[:count]), mean=True)
    channels, rows = filters.pictures.shape[1:3]
    plan = _Plan(filters, _areas(filters, room, theme))
    if channels > 1 and (not plan.areas or plan.areas[0].height() / rows < SMALLEST * theme.scale):
        filters = _Filters(_mean(values[:count]), mean=True)
        plan = _Plan(filters, _areas(filters, room, theme))
    return plan


def _areas(filters: _Filters, room: QRectF, theme: Theme) -> list[QRectF]:
    count, channels, rows, columns = filters.pictures.shape
    return tiles(count, room, columns * channels, rows, (0.0 if count == 1 else 6.0) * theme.scale)


def _between(channels: int, theme: Theme) -> float:
    return (1.0 if channels > 1 else 0.0) * theme.scale


def _mean(values: Floats) -> Floats:
    found: Floats = values.mean(axis=1, keepdims=True)
    return np.asarray(found)
