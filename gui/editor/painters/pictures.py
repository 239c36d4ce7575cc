"""Pictures of arrays within a block: feature maps of an image, a heat map of a sequence, a strip of a vector.

A kind with a picture of its own brings a file that calls ``register_picture(kind, picture)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from gui.theme import Theme, lut_signed, lut_values

Floats = NDArray[np.floating]
Known = NDArray[np.bool_] | None
Span = tuple[float, float]
Painted = Callable[[QPainter, QRectF, Floats, Known, bool, Theme], "Cells"]
"""Paints values into a rectangle; says where each cell came to stand."""

MOST_MAPS = 25
"""Of more channels only the first ones are shown."""
STRIP = 18.0
"""Width of a vector's strip at scale 1."""


class Cells:
    """Where the cells of a picture stand: ``rect(index)``, empty for a cell that is not shown."""

    def __init__(self) -> None:
        self.maps: list[tuple[QRectF, int, int]] = []
        """For each first index (or one for all) its rectangle, rows and columns."""

    def rect(self, index: tuple[int, ...]) -> QRectF:
        """The place of a cell."""
        channel, where = (index[0], index[1:]) if len(index) == 3 else (0, index)
        if channel >= len(self.maps) or not where:
            return QRectF()
        area, rows, columns = self.maps[channel]
        row, column = (where[0], where[1]) if len(where) == 2 else (where[0], 0)
        if not (0 <= row < rows and 0 <= column < columns):
            return QRectF()
        wide, high = area.width() / columns, area.height() / rows
        return QRectF(area.left() + column * wide, area.top() + row * high, wide, high)

    def part_at(self, point: QPointF) -> int | None:
        """Which of the small pictures lies at a point, or beside it."""

        def apart(number: int) -> float:
            area = self.maps[number][0]
            across = max(area.left() - point.x(), point.x() - area.right(), 0.0)
            return across + max(area.top() - point.y(), point.y() - area.bottom(), 0.0)

        there = (number for number, (area, _, _) in enumerate(self.maps) if not area.isEmpty())
        return min(there, key=apart, default=None)


_pictures: dict[str, Painted] = {}


def register_picture(kind: str, painted: Painted) -> None:
    """A picture for a kind of layer."""
    _pictures[kind] = painted


def picture_for(kind: str, axes: int) -> Painted | None:
    """The picture of a kind's output; that of its number of axes if it has none of its own."""
    return _pictures.get(kind) or {1: strip, 2: heat, 3: maps}.get(axes)


def maps(painter: QPainter, room: QRectF, values: Floats, known: Known, signed: bool, theme: Theme) -> Cells:
    """An image (channels, height, width): one small picture a channel."""
    channels, height, width = values.shape
    count = min(channels, MOST_MAPS)
    gap = (0.0 if count == 1 else 6.0) * theme.scale
    table, span = scale_of(values, signed, theme)
    cells = Cells()
    for channel, rect in enumerate(tiles(count, room, width, height, gap)):
        shown = None if known is None else known[channel]
        draw(painter, rect, values[channel], shown, table, span, theme)
        cells.maps.append((rect, height, width))
    return cells


def tiles(count: int, room: QRectF, width: float, height: float, gap: float) -> list[QRectF]:
    """Rectangles of the same proportions, as large as they find room, row by row."""
    columns = _columns(count, room, height / width)
    rows = math.ceil(count / columns)
    side = max(
        0.0,
        min(
            (room.width() - gap * (columns - 1)) / columns / width,
            (room.height() - gap * (rows - 1)) / rows / height,
        ),
    )
    wide, high = side * width, side * height
    left = room.center().x() - (columns * wide + (columns - 1) * gap) / 2
    top = room.center().y() - (rows * high + (rows - 1) * gap) / 2
    places = (divmod(number, columns) for number in range(count))
    return [QRectF(left + c * (wide + gap), top + r * (high + gap), wide, high) for r, c in places]


def heat(painter: QPainter, room: QRectF, values: Floats, known: Known, signed: bool, theme: Theme) -> Cells:
    """A sequence (features, time): a row a feature, the time to the right."""
    rows, columns = values.shape
    side = min(room.height() / rows, 16.0 * theme.scale)
    wide = min(room.width(), columns * 16.0 * theme.scale)
    rect = QRectF(0, 0, wide, side * rows)
    rect.moveCenter(room.center())
    table, span = scale_of(values, signed, theme)
    draw(painter, rect, values, known, table, span, theme)
    cells = Cells()
    cells.maps.append((rect, rows, columns))
    return cells


def strip(painter: QPainter, room: QRectF, values: Floats, known: Known, signed: bool, theme: Theme) -> Cells:
    """A vector: a column of cells."""
    rows = len(values)
    wide = min(room.width(), STRIP * theme.scale)
    rect = QRectF(0, 0, wide, min(room.height(), rows * wide))
    rect.moveCenter(room.center())
    table, span = scale_of(values, signed, theme)
    shown = None if known is None else known[:, None]
    draw(painter, rect, values[:, None], shown, table, span, theme)
    cells = Cells()
    cells.maps.append((rect, rows, 1))
    return cells


def _columns(count: int, room: QRectF, tall: float) -> int:
    """In how many columns the maps become largest."""

    def side(columns: int) -> float:
        return min(room.width() / columns, room.height() / math.ceil(count / columns) / tall)

    return max(range(1, count + 1), key=side)


def scale_of(values: Floats, signed: bool, theme: Theme) -> tuple[NDArray[np.uint8], Span]:
    """The colours, and from which value to which they go: about 0 where there are negative values."""
    finite = values[np.isfinite(values)]
    largest = float(np.abs(finite).max()) if finite.size else 0.0
    if signed or (finite.size and float(finite.min()) < 0.0):
        return lut_signed(theme), (-largest, largest)
    return lut_values(theme), (0.0, largest)


def draw(
    painter: QPainter,
    rect: QRectF,
    values: Floats,
    known: Known,
    table: NDArray[np.uint8],
    span: Span,
    theme: Theme,
) -> None:
    """A matrix of values as one image, a line around it."""
    low, high = span
    with np.errstate(all="ignore"):
        share = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5 * (low < 0))
    places = np.nan_to_num(np.clip(share, 0.0, 1.0) * 255.0).astype(np.uint8)
    pixels = np.ascontiguousarray(table[places])
    pixels[~np.isfinite(values)] = theme.colour("error").getRgb()
    if known is not None:
        pixels[~known] = 0
    rows, columns = values.shape
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(rect, image)
    painter.setPen(QPen(theme.colour("border"), 1.0 * theme.scale))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)
