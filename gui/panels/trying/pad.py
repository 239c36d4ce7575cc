"""A pad to draw on: a picture of as many pixels as those of the data, in ink of any strength."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.core.plan import Array
from engine.datasets import Data
from gui.panels.trying.maker import Maker
from gui.theme import Theme

MOST_SIDE = 64
"""Larger pictures cannot be drawn pixel by pixel."""
WIDTH = 0.085
"""How wide the pen is, as a share of the picture's side."""


class Pad(Maker):
    """The left button draws, the right one (or Shift) rubs out, Delete clears.

    With the keyboard the arrow keys under Alt move a pixel cursor, and Enter inks it.
    """

    def __init__(self, data: Data, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(data, theme, parent)
        self._theme = theme
        _, self._rows, self._columns = data.shape
        self._channels = data.shape[0]
        self._low, self._high = float(data.X.min()), float(data.X.max())
        self.ink: Array = np.zeros((self._rows, self._columns))
        """From 0 to 1."""
        self._cursor = (self._rows // 2, self._columns // 2)
        self._last: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Pad to draw on"))
        self.setToolTip(self.tr("Left: draw. Right or Shift: rub out. Delete: clear."))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @classmethod
    def suits(cls, data: Data) -> bool:
        return len(data.shape) == 3 and data.shape[0] in {1, 3} and max(data.shape[1:]) <= MOST_SIDE

    def vector(self) -> Array:
        picture = self._low + self.ink * (self._high - self._low)
        return np.repeat(picture[None], self._channels, axis=0).ravel()

    def take(self, vector: Array) -> None:
        picture = vector.reshape(self._channels, self._rows, self._columns).mean(axis=0)
        self.ink = ((picture - self._low) / ((self._high - self._low) or 1.0)).clip(0.0, 1.0)
        self._tell()

    def restyle(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """An empty picture."""
        self.ink = np.zeros_like(self.ink)
        self._tell()

    # ---------------------------------------------------------------- drawing

    def frame(self) -> QRectF:
        """Where the picture stands: as large as fits, its pixels square."""
        side = min(self.width() / self._columns, self.height() / self._rows)
        width, height = side * self._columns, side * self._rows
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _stroke(self, begin: QPointF, end: QPointF, rub: bool) -> None:
        """Ink along a line; at its edge it fades."""
        frame = self.frame()
        side = frame.width() / self._columns
        rows, columns = np.mgrid[: self._rows, : self._columns]
        x, y = columns + 0.5, rows + 0.5
        ax, ay = (begin.x() - frame.left()) / side, (begin.y() - frame.top()) / side
        bx, by = (end.x() - frame.left()) / side, (end.y() - frame.top()) / side
        along = (bx - ax) ** 2 + (by - ay) ** 2
        t = (
            np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / along, 0, 1)
            if along
            else np.zeros(x.shape)
        )
        away = np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay))
        radius = max(0.7, WIDTH * max(self._rows, self._columns))
        touch = np.clip(radius + 0.5 - away, 0.0, 1.0)
        self.ink = self.ink * (1.0 - touch) if rub else np.maximum(self.ink, touch)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, frame = self._theme, self.frame()
        ground, full = theme.colour("neuron-fill-low"), theme.colour("neuron-fill-high")
        low, high = (np.array([c.red(), c.green(), c.blue()], np.float64) for c in (ground, full))
        pixels = (low + self.ink[..., None] * (high - low)).astype(np.uint8)
        image = QImage(pixels.data, self._columns, self._rows, 3 * self._columns, QImage.Format.Format_RGB888)
        with QPainter(self) as painter:
            painter.drawImage(frame, image)
            painter.setPen(QPen(theme.colour("outline"), theme.px(1)))
            painter.drawRect(frame.adjusted(0, 0, -1, -1))
            if self.hasFocus():
                side = frame.width() / self._columns
                row, column = self._cursor
                painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
                painter.drawRect(QRectF(frame.left() + column * side, frame.top() + row * side, side, side))

    # ---------------------------------------------------------------- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = event.position()
        self._draw_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._draw_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._last = None

    def _draw_to(self, event: QMouseEvent) -> None:
        if self._last is None:
            return
        right = bool(event.buttons() & Qt.MouseButton.RightButton)
        rub = right or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._stroke(self._last, event.position(), rub)
        self._last = event.position()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
        }  # fmt: skip
        row, column = self._cursor
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() in moves and alt:
            down, right = moves[Qt.Key(event.key())]
            self._cursor = ((row + down) % self._rows, (column + right) % self._columns)
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.ink = self.ink.copy()
            self.ink[row, column] = 0.0 if self.ink[row, column] > 0.5 else 1.0
            self._tell()
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.clear()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(200))
