"""The confusion matrix drawn: counts as a table, the more the fuller; a cell can be chosen."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.core.plan import Array
from gui.colours import blend
from gui.theme import Theme

LEAST = 18
"""Pixels (at scale 1) that a cell needs for its number."""


class MatrixView(QWidget):
    """Rows are the true classes, columns the predicted ones. Arrow keys with the focus here choose a cell."""

    chosen = Signal(object)
    """The (row, column) that was chosen, or ``None``: no cell any more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self._counts: Array | None = None
        self.cell: tuple[int, int] | None = None
        self._under: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_counts(self, names: tuple[str, ...], counts: Array) -> None:
        """Other numbers."""
        if names != self._names:
            self.cell = None
        self._names, self._counts = names, counts
        lines = [f"{name}: {', '.join(map(str, row))}" for name, row in zip(names, counts, strict=True)]
        self.setAccessibleDescription("\n".join(lines))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self.update()

    def rect_of(self, row: int, column: int) -> QRectF:
        """Where a cell stands."""
        left, top, side = self._place()
        return QRectF(left + column * side, top + row * side, side, side)

    def _place(self) -> tuple[float, float, float]:
        """Left and upper edge of the cells, and their side."""
        metrics = QFontMetricsF(self._theme.fonts.small)
        gap, line = self._theme.px(6), metrics.height()
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        left = line + 2 * gap + min(widest, 0.3 * self.width())
        top = 2 * line + 2 * gap
        count = max(1, len(self._names))
        side = max(min(self.width() - left - gap, self.height() - top - gap) / count, 2.0)
        return left, top, side

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("panel"))
            if self._counts is None:
                return
            painter.setFont(theme.fonts.small)
            self._paint_names(painter)
            for row in range(len(self._names)):
                for column in range(len(self._names)):
                    self._paint_cell(painter, row, column, self._counts)

    def _paint_names(self, painter: QPainter) -> None:
        theme, metrics = self._theme, QFontMetricsF(self._theme.fonts.small)
        left, top, side = self._place()
        gap, line, whole = theme.px(6), metrics.height(), side * len(self._names)
        painter.setPen(theme.colour("text-muted"))
        centre = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(QRectF(left, 0, whole, line), centre, self.tr("prediction"))
        painter.save()
        painter.rotate(-90)
        painter.drawText(QRectF(-top - whole, 0, whole, line), centre, self.tr("target y"))
        painter.restore()
        every = max(1, round(metrics.height() / side + 0.49))
        for number, name in enumerate(self._names):
            if number % every:
                continue
            room = QRectF(line + gap, top + number * side, left - line - 2 * gap, side)
            said = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), said)
            above = QRectF(left + number * side, line + gap, side * every, line)
            said = metrics.elidedText(name, Qt.TextElideMode.ElideRight, above.width())
            painter.drawText(above, centre, said)

    def _paint_cell(self, painter: QPainter, row: int, column: int, counts: Array) -> None:
        theme, rect = self._theme, self.rect_of(row, column)
        count, whole = int(counts[row, column]), max(1, int(counts[row].sum()))
        full = theme.colour("neuron-fill-high" if row == column else "error")
        strength = count / whole if row == column else math.sqrt(count / whole)  # rare mistakes show too
        colour = blend(theme.colour("panel"), full, 0.85 * strength)
        painter.fillRect(rect, colour)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("border"), theme.px(1)))
        painter.drawRect(rect)
        if rect.width() >= theme.px(LEAST):
            painter.setPen(theme.ink_on(colour))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), str(count))
        if (row, column) in {self.cell, self._under}:
            strong = (row, column) == self.cell
            painter.setPen(
                QPen(theme.colour("active" if strong else "accent"), theme.px(3 if strong else 1.5))
            )
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    # ---------------------------------------------------------------- mouse and keys

    def choose(self, cell: tuple[int, int] | None) -> None:
        """Choose a cell; the one that is chosen already is chosen no more."""
        self.cell = None if cell == self.cell else cell
        self.chosen.emit(self.cell)
        self.update()

    def _at(self, point: QPointF) -> tuple[int, int] | None:
        left, top, side = self._place()
        column, row = int((point.x() - left) // side), int((point.y() - top) // side)
        inside = 0 <= row < len(self._names) and 0 <= column < len(self._names)
        return (row, column) if inside else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self._at(event.position())
        if under != self._under:
            self._under = under
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.choose(self._at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        k = len(self._names)
        if event.key() not in steps or not k:
            super().keyPressEvent(event)
            return
        here = -1 if self.cell is None else self.cell[0] * k + self.cell[1]
        there = (here + steps[Qt.Key(event.key())]) % (k * k)
        self.choose(divmod(there, k))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(220), self._theme.px(220))
