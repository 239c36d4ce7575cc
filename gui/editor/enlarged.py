"""Pictures for the card: the neuron, filter, head or time step that is pointed at, large enough to read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from gui.editor.block_face import Floats
from gui.editor.figures import short
from gui.editor.items.text import CENTRE, LEFT, RIGHT, elided, scaled, width_of, write
from gui.editor.painters.pictures import draw, scale_of
from gui.editor.painters.surface import draw_curve, mark
from gui.editor.sheets import Surface
from gui.theme import Theme, signed_colour, value_colour
from gui.widgets.numbers import format_number

translate = QCoreApplication.translate
LINE = 16.0
"""Height of a line of text at scale 1."""


class Enlarged(ABC):
    """Something to be painted in a card."""

    @abstractmethod
    def size(self, theme: Theme) -> QSizeF:
        """How much room it needs."""

    @abstractmethod
    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Paint it into a rectangle of that size."""


# ---------------------------------------------------------------- neurons


@dataclass(frozen=True)
class SurfacePicture(Enlarged):
    """The output of a neuron over the plane of inputs, with axes and the scale of the shades."""

    surface: Surface
    names: tuple[str, ...]
    side = 150.0

    def size(self, theme: Theme) -> QSizeF:
        wide = self._left(theme) + self.side * theme.scale
        if not self.surface.is_curve:
            wide += (10 + 12 + 5) * theme.scale + self._numbers(theme)
        return QSizeF(wide, (self.side + LINE + 6) * theme.scale)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        s, surface = theme.scale, self.surface
        plot = QRectF(rect.left() + self._left(theme), rect.top() + 4 * s, self.side * s, self.side * s)
        if surface.is_curve:
            painter.fillRect(plot, theme.colour("neuron-fill-low"))
            draw_curve(painter, plot, surface, theme, 2.4 * s)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(plot, surface.image(theme))
        painter.setPen(QPen(theme.colour("neuron-outline"), 1.2 * s))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(plot)
        painter.save()
        painter.setClipRect(plot)
        mark(painter, plot, surface, theme, 6 * s)
        painter.restore()
        self._axes(painter, plot, theme)
        if not surface.is_curve:
            self._scale(painter, plot, theme)

    def _axes(self, painter: QPainter, plot: QRectF, theme: Theme) -> None:
        s, font, ink = theme.scale, theme.fonts.small, theme.colour("text-muted")
        low, high = self.surface.ranges[0]
        below = QRectF(plot.left(), plot.bottom() + 2 * s, plot.width(), LINE * s)
        write(painter, below, _tick(low), font, ink, LEFT)
        write(painter, below, _tick(high), font, ink, RIGHT)
        middle = below.adjusted(34 * s, 0, -34 * s, 0)
        write(
            painter, middle, elided(font, self._name(0), middle.width()), font, theme.colour("text"), CENTRE
        )
        up = (self.surface.low, self.surface.high) if self.surface.is_curve else self.surface.ranges[1]
        wide = self._left(theme) - 5 * s
        beside = QRectF(plot.left() - wide - 4 * s, plot.top(), wide, LINE * s)
        write(painter, beside, _tick(up[1]), font, ink, RIGHT)
        beside.moveTop(plot.bottom() - LINE * s)
        write(painter, beside, _tick(up[0]), font, ink, RIGHT)
        beside.moveTop(plot.center().y() - LINE * s / 2)
        name = "a" if self.surface.is_curve else self._name(1)
        write(painter, beside, elided(font, name, wide), font, theme.colour("text"), RIGHT)

    def _scale(self, painter: QPainter, plot: QRectF, theme: Theme) -> None:
        s, font, ink = theme.scale, theme.fonts.small, theme.colour("text-muted")
        bar = QRectF(plot.right() + 10 * s, plot.top(), 12 * s, plot.height())
        shade = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for stop in np.linspace(0, 1, 9).tolist():
            shade.setColorAt(stop, value_colour(theme, stop))
        painter.setPen(QPen(theme.colour("neuron-outline"), 1 * s))
        painter.setBrush(shade)
        painter.drawRect(bar)
        beside = QRectF(bar.right() + 5 * s, bar.top(), self._numbers(theme), LINE * s)
        write(painter, beside, _tick(self.surface.high), font, ink, LEFT)
        beside.moveTop(bar.bottom() - LINE * s)
        write(painter, beside, _tick(self.surface.low), font, ink, LEFT)
        beside.moveTop(bar.center().y() - LINE * s / 2)
        write(painter, beside, "a", font, theme.colour("text"), LEFT)

    def _left(self, theme: Theme) -> float:
        texts = [_tick(each) for each in (self.surface.low, self.surface.high)]
        if not self.surface.is_curve:
            texts = [*(_tick(each) for each in self.surface.ranges[1]), self._name(1)]
        return (
            min(72.0 * theme.scale, max(width_of(theme.fonts.small, text) for text in texts))
            + 6 * theme.scale
        )

    def _numbers(self, theme: Theme) -> float:
        ends = (self.surface.low, self.surface.high)
        return max(width_of(theme.fonts.small, _tick(each)) for each in ends) + 1

    def _name(self, axis: int) -> str:
        return self.names[axis] if axis < len(self.names) else f"x{axis + 1}"


def _tick(value: float) -> str:
    return format_number(value, 3, chosen=False)


# ---------------------------------------------------------------- blocks


@dataclass(frozen=True)
class FilterPicture(Enlarged):
    """The kernel of one filter, channel by channel, and its feature map."""

    number: int
    kernel: Floats | None
    map: Floats | None
    """(rows, columns) of an image, (1, time) of a sequence."""
    cell: tuple[int, int] | None = None
    """The pixel of the feature map that the mouse is at."""
    high = 120.0

    def size(self, theme: Theme) -> QSizeF:
        s = theme.scale
        one, two = self._kernel_size(), self._map_size()
        gap = 18.0 if one.width() and two.width() else 0.0
        wide = max(one.width() + gap + two.width(), 60.0)
        return QSizeF(wide * s, (max(one.height(), two.height()) + LINE + 6) * s)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        s, font, ink = theme.scale, theme.fonts.small, theme.colour("text-muted")
        one, two = self._kernel_size() * s, self._map_size() * s
        top = rect.top() + (LINE + 2) * s
        if self.kernel is not None:
            words = translate("Canvas", "kernel {number}").format(number=self.number + 1)
            write(painter, QRectF(rect.left(), rect.top(), one.width(), LINE * s), words, font, ink, LEFT)
            self._kernel(painter, QPointF(rect.left(), top), theme)
        if self.map is not None:
            left = rect.left() + (one.width() + 18 * s if one.width() else 0.0)
            words = translate("Canvas", "feature map {number}").format(number=self.number + 1)
            write(painter, QRectF(left, rect.top(), two.width(), LINE * s), words, font, ink, LEFT)
            table, span = scale_of(self.map, False, theme)
            area = QRectF(QPointF(left, top), two)
            draw(painter, area, self.map, None, table, span, theme)
            outline(painter, area, self.map.shape, self.cell, theme)

    def _kernel(self, painter: QPainter, start: QPointF, theme: Theme) -> None:
        s, cell, per_row = theme.scale, self._cell(), self._per_row()
        assert self.kernel is not None
        channels, rows, columns = self.kernel.shape
        table, span = scale_of(self.kernel, True, theme)
        for channel in range(channels):
            row, column = divmod(channel, per_row)
            left = start.x() + column * (columns * cell + 6) * s
            area = QRectF(left, start.y() + row * (rows * cell + 6) * s, columns * cell * s, rows * cell * s)
            draw(painter, area, self.kernel[channel], None, table, span, theme)
            if cell >= 36:
                write_values(painter, area, self.kernel[channel], span, True, theme)

    def _cell(self) -> float:
        """Side of a weight: large enough for its number where there are few."""
        if self.kernel is None:
            return 0.0
        channels, _, columns = self.kernel.shape
        wide = min(channels, self._per_row()) * columns
        return (
            38.0 if wide <= 9 and self.kernel[0].size * channels <= 50 else max(4.0, min(18.0, 260.0 / wide))
        )

    def _per_row(self) -> int:
        return 8 if self.kernel is not None and len(self.kernel) > 4 else 4

    def _kernel_size(self) -> QSizeF:
        if self.kernel is None:
            return QSizeF()
        channels, rows, columns = self.kernel.shape
        across, down = min(channels, self._per_row()), -(-channels // self._per_row())
        cell = self._cell()
        wide = max(across * columns * cell + (across - 1) * 6, 56.0)
        return QSizeF(wide, down * rows * cell + (down - 1) * 6)

    def _map_size(self) -> QSizeF:
        if self.map is None:
            return QSizeF()
        rows, columns = self.map.shape
        cell = min(self.high / rows, 260.0 / columns, 24.0 if rows == 1 else 120.0)
        return QSizeF(max(cell * columns, 92.0 if rows > 1 else 24.0), cell * rows)


@dataclass(frozen=True)
class MatrixPicture(Enlarged):
    """The shares of one head, with the symbols and, where they fit, the numbers."""

    head: int
    heads: int
    values: Floats
    tokens: tuple[str, ...] = ()
    cell: tuple[int, int] | None = None
    """The share that the mouse is at."""

    def size(self, theme: Theme) -> QSizeF:
        s, cell, margin = theme.scale, self._cell(), self._margin(theme)
        rows, columns = self.values.shape
        return QSizeF(max(columns * cell * s, 120 * s) + margin, rows * cell * s + margin + 2 * LINE * s)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        s, cell, margin = theme.scale, self._cell() * theme.scale, self._margin(theme)
        font, ink = theme.fonts.small, theme.colour("text-muted")
        words = translate("Canvas", "head {number} of {count}").format(number=self.head + 1, count=self.heads)
        write(painter, QRectF(rect.left(), rect.top(), rect.width(), LINE * s), words, font, ink, LEFT)
        rows, columns = self.values.shape
        top = rect.top() + LINE * s + margin
        area = QRectF(rect.left() + margin, top, columns * cell, rows * cell)
        table, span = scale_of(self.values, False, theme)
        draw(painter, area, self.values, None, table, span, theme)
        if self._cell() >= 30:
            write_values(painter, area, self.values, span, span[0] < 0, theme)
        outline(painter, area, self.values.shape, self.cell, theme)
        foot = QRectF(rect.left(), area.bottom() + 2 * s, rect.width(), LINE * s)
        write(painter, foot, translate("Canvas", "row: query, column: key"), font, ink, LEFT)
        if not margin:
            return
        small = scaled(font, min(1.0, 1.05 * self._cell() / LINE))
        for row, token in enumerate(self.tokens[:rows]):
            beside = QRectF(area.left() - margin, area.top() + row * cell, margin - 4 * s, cell)
            write(painter, beside, token, small, theme.colour("text"), RIGHT)
        for column, token in enumerate(self.tokens[:columns]):
            painter.save()
            painter.translate(area.left() + (column + 0.5) * cell, area.top() - 3 * s)
            if width_of(small, token) <= cell:
                write(
                    painter, QRectF(-cell / 2, -LINE * s, cell, LINE * s), token, small, theme.colour("text")
                )
            else:
                painter.rotate(-90)
                write(painter, QRectF(0, -cell / 2, margin, cell), token, small, theme.colour("text"), LEFT)
            painter.restore()

    def _cell(self) -> float:
        side = max(self.values.shape)
        return 38.0 if side <= 6 else max(3.0, min(20.0, 260.0 / side))

    def _margin(self, theme: Theme) -> float:
        """Room for the symbols beside rows and columns."""
        if not self.tokens or self._cell() < 9:
            return 0.0
        widest = max(width_of(theme.fonts.small, each) for each in self.tokens)
        return max(LINE * theme.scale, min(widest + 8 * theme.scale, 90 * theme.scale))


@dataclass(frozen=True)
class StepPicture(Enlarged):
    """All that belongs to one time step of a recurrent layer: input, gates, memory, state."""

    step: int
    parts: tuple[tuple[str, Floats], ...]
    """Letter and values of each."""
    token: str = ""

    def size(self, theme: Theme) -> QSizeF:
        s = theme.scale
        return QSizeF(max(150.0, len(self.parts) * self._pitch()) * s, (self._high() + 2 * LINE + 6) * s)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        s, font = theme.scale, theme.fonts.small
        words = translate("Canvas", "time step {number}").format(number=self.step + 1)
        words = f"{words}: {self.token}" if self.token else words
        line = QRectF(rect.left(), rect.top(), rect.width(), LINE * s)
        write(painter, line, elided(font, words, line.width()), font, theme.colour("text"), LEFT)
        for number, (letter, values) in enumerate(self.parts):
            left = rect.left() + number * self._pitch() * s
            wide = (self._pitch() - 8) * s
            cell = min(self._high() / len(values), 20.0) * s
            if not self._numbered:
                wide = 16 * s
            area = QRectF(left, rect.top() + (LINE + 4) * s, wide, cell * len(values))
            table, span = scale_of(values, False, theme)
            if letter[:1] in "ifozr" and span[0] >= 0:
                span = (0.0, 1.0)
            column = values[:, None]
            draw(painter, area, column, None, table, span, theme)
            if self._numbered and cell >= 14 * s:
                write_values(painter, area, column, span, span[0] < 0, theme)
            foot = QRectF(left, rect.bottom() - LINE * s, self._pitch() * s - 4 * s, LINE * s)
            write(painter, foot, letter, font, theme.colour("text-muted"), LEFT)

    @property
    def _numbered(self) -> bool:
        return max(len(values) for _, values in self.parts) <= 8

    def _pitch(self) -> float:
        return 54.0 if self._numbered else 34.0

    def _high(self) -> float:
        return min(160.0, 20.0 * max(len(values) for _, values in self.parts))


def outline(
    painter: QPainter, area: QRectF, shape: tuple[int, ...], cell: tuple[int, int] | None, theme: Theme
) -> None:
    """A frame around the cell that the mouse is at: the number that a click would explain."""
    if cell is None:
        return
    (rows, columns), (row, column) = shape, cell
    wide, high = area.width() / columns, area.height() / rows
    painter.setPen(QPen(theme.colour("active"), 2.0 * theme.scale))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(area.left() + column * wide, area.top() + row * high, wide, high))


def write_values(
    painter: QPainter, area: QRectF, values: Floats, span: tuple[float, float], signed: bool, theme: Theme
) -> None:
    """The numbers of a small matrix upon its cells."""
    rows, columns = values.shape
    wide, high = area.width() / columns, area.height() / rows
    low, top = span
    for row in range(rows):
        for column in range(columns):
            value = float(values[row, column])
            ink = _ink(value, low, top, signed, theme)
            cell = QRectF(area.left() + column * wide, area.top() + row * high, wide, high)
            font, text = theme.fonts.small, short(value)
            fits = min(0.9 * wide / max(1.0, width_of(font, text)), 1.1 * high / (LINE * theme.scale))
            write(painter, cell, text, scaled(font, min(0.92, fits)), ink)


def _ink(value: float, low: float, high: float, signed: bool, theme: Theme) -> QColor:
    if not np.isfinite(value) or high <= low:
        return theme.colour("text")
    share = (value - low) / (high - low)
    ground = signed_colour(theme, 2 * share - 1) if signed else value_colour(theme, min(1.0, max(0.0, share)))
    return theme.ink_on(ground)
