"""Tiles: small pictures or clouds of points side by side, each with a line of text below it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.core.plan import Array
from gui.panels.making.pictures import inked
from gui.theme import Theme

Ranges = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One of them: a picture (h, w) from 0 to 1, or points (2, m)."""

    caption: str = ""
    picture: Array | None = None
    points: Array | None = None


class Tiles(QWidget):
    """As large as fits. A click chooses one, as do Up and Down."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.tiles: tuple[Tile, ...] = ()
        self._ranges: Ranges = ((-1.0, 1.0), (-1.0, 1.0))
        self.choice = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_tiles(self, tiles: tuple[Tile, ...], ranges: Ranges | None = None, choice: int = -1) -> None:
        """Other tiles; ``ranges`` say what part of the plane clouds show."""
        self.tiles, self.choice = tiles, choice
        self._ranges = ranges or self._ranges
        self.setAccessibleDescription("\n".join(each.caption for each in tiles if each.caption))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def rect_of(self, number: int) -> QRectF:
        """Where a tile stands, without its caption."""
        columns, side = self._arranged()
        gap, line = self._gap, self._line
        rows = -(-len(self.tiles) // columns)
        pitch = max(side, self._widest) + gap
        left = max(0.0, (self.width() - columns * pitch - gap) / 2) + (pitch - gap - side) / 2
        top = max(0.0, (self.height() - rows * (side + line + gap)) / 2)
        row, column = divmod(number, columns)
        return QRectF(left + gap + column * pitch, top + row * (side + line + gap), side, side)

    # ---------------------------------------------------------------- places

    @property
    def _gap(self) -> float:
        return float(self._theme.space(0.75))

    @property
    def _line(self) -> float:
        captions = any(each.caption for each in self.tiles)
        return QFontMetricsF(self._theme.fonts.small).height() + 2.0 if captions else 0.0

    @property
    def _widest(self) -> float:
        """How wide the captions are, but no wider than lets a few stand side by side."""
        metrics = QFontMetricsF(self._theme.fonts.small)
        widest = max((metrics.horizontalAdvance(each.caption) for each in self.tiles), default=0.0)
        return min(widest, self.width() / 4)

    def _arranged(self) -> tuple[int, float]:
        """In how many columns the tiles are largest, and how large."""
        many, gap, widest = len(self.tiles), self._gap, self._widest
        most = max(1, int((self.width() - gap) // (widest + gap)))
        best = (1, 8.0)
        for columns in range(1, min(many, most) + 1):
            rows = -(-many // columns)
            side = min((self.width() - gap) / columns - gap, (self.height() - gap) / rows - gap - self._line)
            if side > best[1] + 0.5:
                best = columns, math.floor(side)
        return best

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            for number, tile in enumerate(self.tiles):
                rect = self.rect_of(number)
                if tile.picture is not None:
                    painter.drawImage(rect, inked(tile.picture, theme))
                elif tile.points is not None:
                    self._paint_cloud(painter, rect, tile.points)
                here = number == self.choice
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour("active" if here else "border"), theme.px(3 if here else 1)))
                painter.drawRect(rect)
                if tile.caption:
                    painter.setPen(theme.colour("text" if here else "text-muted"))
                    painter.setFont(theme.fonts.small)
                    wide = max(rect.width(), self._widest)
                    below = QRectF(rect.center().x() - wide / 2, rect.bottom() + 2, wide, self._line)
                    said = QFontMetricsF(theme.fonts.small).elidedText(
                        tile.caption, Qt.TextElideMode.ElideRight, below.width() + 1
                    )
                    painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), said)
            if self.hasFocus():
                painter.setPen(QPen(theme.colour("accent"), theme.px(1)))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_cloud(self, painter: QPainter, rect: QRectF, points: Array) -> None:
        theme = self._theme
        painter.fillRect(rect, theme.colour("panel"))
        (left, right), (bottom, top) = self._ranges
        x = rect.left() + (points[0] - left) / (right - left) * rect.width()
        y = rect.bottom() - (points[1] - bottom) / (top - bottom) * rect.height()
        inside = np.isfinite(x) & np.isfinite(y)
        inside[inside] &= (np.abs(x[inside] - rect.center().x()) < rect.width() / 2) & (
            np.abs(y[inside] - rect.center().y()) < rect.height() / 2
        )
        pen = QPen(theme.colour("class-0"), max(2.0, 0.025 * rect.width()))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints([QPointF(a, b) for a, b in zip(x[inside], y[inside], strict=True)])

    # ---------------------------------------------------------------- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number in range(len(self.tiles)):
            if self.rect_of(number).contains(event.position()):
                self._choose(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() not in steps or not self.tiles:
            super().keyPressEvent(event)
            return
        there = self.choice + steps[Qt.Key(event.key())]
        self._choose(min(max(there, 0), len(self.tiles) - 1))

    def _choose(self, number: int) -> None:
        self.choice = number
        self.chosen.emit(number)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(120))
