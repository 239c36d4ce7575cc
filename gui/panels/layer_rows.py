"""The layers side by side: a histogram each, and how large its numbers are on one log axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.figures import Spread
from gui.theme import Theme
from gui.widgets.numbers import format_number

BARS = 0.42
"""Share of the width that the log axis takes."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerRow:
    """One layer: its title, its histogram if it has one, its size on the log axis, and what is said of it."""

    layer: str
    title: str
    spread: Spread | None
    size: float | None
    note: str = ""
    colour: str = "gradient"
    """The named colour of its bar."""


class LayerRows(QWidget):
    """Rows from the first layer to the last. The log axis is the same for all, so that they compare."""

    hovered = Signal(object)
    """The layer under the mouse, or ``None``."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[LayerRow, ...] = ()
        self._axis = (-2, 0)
        self._under: str | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Layers side by side"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_rows(self, rows: tuple[LayerRow, ...]) -> None:
        """Other layers, or other numbers."""
        self._rows = rows
        logs = [math.log10(row.size) for row in rows if row.size and math.isfinite(row.size)]
        if logs:
            low, high = math.floor(min(logs)), math.ceil(max(logs))
            if (
                low < self._axis[0]
                or high > self._axis[1]
                or high - low < (self._axis[1] - self._axis[0]) / 2
            ):
                self._axis = (low - (low == high), high)
        self.setMinimumHeight(round(self._top(len(rows)) + self._foot()))
        self.setAccessibleDescription("\n".join(f"{row.title}: {row.note}" for row in rows))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self.show_rows(self._rows)

    def rect_of(self, layer: str) -> QRectF:
        """Where a layer's row stands."""
        number = next(n for n, row in enumerate(self._rows) if row.layer == layer)
        return QRectF(0, self._top(number), self.width(), self._top(number + 1) - self._top(number))

    # ---------------------------------------------------------------- layout

    def _line(self) -> float:
        return QFontMetricsF(self._theme.fonts.small).height()

    def _top(self, number: int) -> float:
        return number * (self._line() + self._theme.px(34))

    def _foot(self) -> float:
        return self._line() + self._theme.px(4)

    def _split(self) -> float:
        return (1 - BARS) * self.width()

    def _x(self, decade: float) -> float:
        low, high = self._axis
        left, right = self._split() + self._theme.px(4), self.width() - self._theme.px(10)
        return left + (decade - low) / (high - low) * (right - left)

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("panel"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._rows:
                self._paint_axis(painter)
            for number, row in enumerate(self._rows):
                self._paint_row(painter, row, self._top(number))

    def _paint_axis(self, painter: QPainter) -> None:
        theme, (low, high) = self._theme, self._axis
        bottom = self._top(len(self._rows))
        painter.setFont(theme.fonts.small)
        every = max(1, math.ceil((high - low) / 3))
        for decade in range(low, high + 1):
            x = self._x(decade)
            painter.setPen(QPen(theme.colour("border"), theme.px(1)))
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom))
            if (decade - low) % every == 0:
                painter.setPen(theme.colour("text-muted"))
                room = QRectF(x - theme.px(40), bottom, theme.px(80), self._foot())
                room.moveRight(min(room.right(), self.width() + theme.px(20)))
                painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), format_number(10.0**decade, 1))

    def _paint_row(self, painter: QPainter, row: LayerRow, top: float) -> None:
        theme, line = self._theme, self._line()
        height = theme.px(28)
        if row.layer == self._under:
            painter.fillRect(QRectF(0, top, self.width(), line + theme.px(34)), theme.colour("accent", 0.10))
        painter.setFont(theme.fonts.small)
        metrics = QFontMetricsF(theme.fonts.small)
        gap = float(theme.space())
        room = self._split() - 2 * gap
        painter.setPen(theme.colour("text"))
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(gap, top + metrics.ascent() + theme.px(2)), title)
        painter.setPen(theme.colour("text-muted"))
        note = metrics.elidedText(row.note, Qt.TextElideMode.ElideRight, BARS * self.width() - gap)
        painter.drawText(QPointF(self._split() + theme.px(4), top + metrics.ascent() + theme.px(2)), note)
        if row.spread is not None:
            low, high = format_number(row.spread.low, 2), format_number(row.spread.high, 2)
            reach = self.tr("{0} to {1}").format(low, high)
            if metrics.horizontalAdvance(f"{row.title}  {reach}") < room:
                line_room = QRectF(gap, top + theme.px(2), room, line)
                painter.drawText(line_room, int(Qt.AlignmentFlag.AlignRight), reach)
            self._paint_spread(painter, row.spread, QRectF(gap, top + line + theme.px(2), room, height))
        if row.size and math.isfinite(row.size):
            y = top + line + theme.px(8)
            bar = QRectF(self._x(self._axis[0]), y, 0, theme.px(14))
            bar.setRight(max(self._x(math.log10(row.size)), bar.left() + 1))
            painter.fillRect(bar, theme.colour(row.colour))

    def _paint_spread(self, painter: QPainter, spread: Spread, room: QRectF) -> None:
        theme = self._theme
        painter.setPen(QPen(theme.colour("outline"), theme.px(1)))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        highest = int(spread.bins.max())
        if highest:
            heights = np.sqrt(spread.bins / highest) * room.height()
            step, path = room.width() / len(heights), QPainterPath(room.bottomLeft())
            for number, tall in enumerate(heights):
                path.lineTo(room.left() + number * step, room.bottom() - tall)
                path.lineTo(room.left() + (number + 1) * step, room.bottom() - tall)
            path.lineTo(room.bottomRight())
            painter.fillPath(path, theme.colour("neuron-fill-high", 0.75))
        if spread.low < 0.0 < spread.high:
            x = room.left() - spread.low / (spread.high - spread.low) * room.width()
            painter.setPen(QPen(theme.colour("active"), theme.px(1), Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))

    # ---------------------------------------------------------------- Qt

    def _turn_to(self, layer: str | None) -> None:
        if layer != self._under:
            self._under = layer
            self.hovered.emit(layer)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        height = self._line() + self._theme.px(34)
        number = int(event.position().y() // height)
        self._turn_to(self._rows[number].layer if 0 <= number < len(self._rows) else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._turn_to(None)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(380), round(self._top(max(1, len(self._rows))) + self._foot()))
