"""The network's answer to one example: a bar for each output, the largest marked."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.core.plan import Array
from gui.theme import Theme, lut_values
from gui.widgets.numbers import format_number

MOST = 12
"""Of more outputs the largest are shown."""


class Answer(QWidget):
    """Names at the left, bars, numbers at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self._values: Array = np.zeros(0)
        self._picture: Array | None = None
        self.setAccessibleName(self.tr("The network's answer"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_answer(self, names: tuple[str, ...], values: Array) -> None:
        """Other numbers; of many the largest, in their order."""
        if len(values) > MOST:
            order = np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")[:MOST]
            names, values = tuple(names[each] for each in order), values[order]
        self._names, self._values, self._picture = names, values, None
        said = (f"{name}: {format_number(value)}" for name, value in zip(names, values, strict=True))
        self.setAccessibleDescription("\n".join(said))
        self.update()

    def show_picture(self, picture: Array) -> None:
        """An answer that is a picture (rows, columns), from its smallest to its largest number."""
        self._picture = picture
        self.setAccessibleDescription(self.tr("A picture of {0} by {1}").format(*picture.shape))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, values = self._theme, self._values
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("panel"))
            if self._picture is not None:
                self._paint_picture(painter, self._picture)
                return
            if not len(values):
                return
            metrics, gap = QFontMetricsF(theme.fonts.ui), float(theme.space())
            line = min(metrics.height() + theme.px(8), self.height() / len(values))
            widest = max(metrics.horizontalAdvance(name) for name in self._names)
            left = gap + min(widest, 0.4 * self.width()) + gap
            texts = [format_number(value, 3) for value in values]
            strong = QFontMetricsF(theme.fonts.strong)
            number = max(strong.horizontalAdvance(text) for text in texts) + 1.5 * gap
            room = max(self.width() - left - number - gap, 10.0)
            finite = values[np.isfinite(values)]
            low = min(0.0, float(finite.min()) if len(finite) else 0.0)
            high = max(1.0, float(finite.max()) if len(finite) else 1.0)
            zero = left - low / (high - low) * room
            best = int(np.nanargmax(values)) if len(finite) and len(values) > 1 else -1
            for place, (name, value) in enumerate(zip(self._names, values, strict=True)):
                top = place * line
                painter.setFont(theme.fonts.strong if place == best else theme.fonts.ui)
                painter.setPen(theme.colour("text"))
                flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                box = QRectF(gap, top, left - 2 * gap, line)
                painter.drawText(
                    box, flags, metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width())
                )
                if math.isfinite(value):
                    end = zero + value / (high - low) * room
                    bar = QRectF(min(zero, end), top + 0.22 * line, max(abs(end - zero), 1.0), 0.56 * line)
                    painter.fillRect(bar, theme.colour("accent" if place == best else "outline"))
                last = QRectF(self.width() - number, top, number - gap / 2, line)
                painter.drawText(last, flags, texts[place])

    def _paint_picture(self, painter: QPainter, picture: Array) -> None:
        low, high = float(np.nanmin(picture)), float(np.nanmax(picture))
        shares = np.nan_to_num((picture - low) / ((high - low) or 1.0))
        colours = lut_values(self._theme)[(255 * shares).astype(np.uint8)][..., :3]
        pixels = np.ascontiguousarray(colours)
        rows, columns = picture.shape
        image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        side = min(self.width() / columns, self.height() / rows)
        painter.drawImage(QRectF((self.width() - side * columns) / 2, 0, side * columns, side * rows), image)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(160))
