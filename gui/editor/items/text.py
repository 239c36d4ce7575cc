"""Small helpers for text on the canvas."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.colours import blend
from gui.theme import Theme, value_colour

_AS_IT_IS = int(Qt.TextFlag.TextDontClip) | int(Qt.TextFlag.TextSingleLine)
# Joining flags of Qt's takes Python longer than painting the text.
CENTRE = int(Qt.AlignmentFlag.AlignCenter) | _AS_IT_IS
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | _AS_IT_IS
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter) | _AS_IT_IS
LEGIBLE = 8.0
"""Text lower than this many pixels on the screen is left out."""


def magnified(zoom: float, least: float = 0.9, most: float = 5.0) -> float:
    """By how much text must grow that has to be read even when the network is far away."""
    return min(most, max(1.0, least / zoom)) if zoom > 0 else 1.0


class _Lettering:
    """A font with its measures. Asking Qt anew for every text would cost more than painting it."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetricsF(font)
        self.sizes: dict[int, QFont] = {}
        self.widths: dict[str, float] = {}


_letterings: dict[int, _Lettering] = {}
"""By the identity of the font, which is kept alive here; there are a few dozen."""


def _lettering(font: QFont) -> _Lettering:
    found = _letterings.get(id(font))
    if found is None:
        found = _letterings[id(font)] = _Lettering(font)
    return found


def width_of(font: QFont, text: str) -> float:
    """How wide a text is; cached."""
    known = _lettering(font)
    width = known.widths.get(text)
    if width is None:
        if len(known.widths) > 5000:
            known.widths.clear()
        width = known.widths[text] = known.metrics.horizontalAdvance(text)
    return width


def elided(font: QFont, text: str, width: float) -> str:
    """The text, shortened with an ellipsis where it is too long."""
    if width_of(font, text) <= width:
        return text
    return _lettering(font).metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def zoom_of(painter: QPainter) -> float:
    """Pixels on the screen for one unit of the scene."""
    return painter.worldTransform().m11()


def scaled(font: QFont, factor: float) -> QFont:
    """The font at another size, in steps of two per cent; the same object for the same size."""
    step = max(1, round(50 * factor))
    if step == 50:
        return font
    sizes = _lettering(font).sizes
    if step not in sizes:
        other = QFont(font)
        other.setPointSizeF(max(1.0, font.pointSizeF() * step / 50))
        sizes[step] = other
    return sizes[step]


def asked_for(painter: QPainter) -> Callable[[QRectF], bool]:
    """Which parts of a kept picture are to be painted again; all of them where nothing is clipped."""
    if not painter.hasClipping():
        return lambda _: True
    region = painter.clipRegion()
    return lambda rect: region.intersects(rect.toAlignedRect())


def write(painter: QPainter, rect: QRectF, text: str, font: QFont, ink: QColor, where: int = CENTRE) -> None:
    """One line of text in a rectangle; it may be wider than the rectangle."""
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(rect, where, text)


def badge(
    painter: QPainter, rect: QRectF, fill: QColor, edge: QColor | None = None, line: float = 1.0
) -> None:
    """The plate of a number: a rectangle with round corners."""
    painter.setPen(QPen(edge, line) if edge is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    corner = min(rect.height() / 3, 6.0 * line + 2)
    painter.drawRoundedRect(rect, corner, corner)
    painter.setBrush(Qt.BrushStyle.NoBrush)


@lru_cache(maxsize=1024)
def _shade(theme: Theme, step: int) -> tuple[QColor, QColor, QColor, QColor]:
    fill = value_colour(theme, step / 128) if step >= 0 else theme.colour("error")
    ink = theme.ink_on(fill)
    return fill, ink, blend(fill, ink, 0.82), blend(fill, ink, 0.4)


def shade(theme: Theme, fullness: float | None) -> tuple[QColor, QColor, QColor, QColor]:
    """Fill of a neuron, its ink, a softer ink, and that of lines within it; in 128 steps, cached."""
    if fullness is None:
        return _empty(theme)
    return _shade(theme, -1 if math.isnan(fullness) else round(128 * fullness))


@lru_cache(maxsize=16)
def _empty(theme: Theme) -> tuple[QColor, QColor, QColor, QColor]:
    ground, ink = theme.colour("canvas"), theme.colour("text")
    return ground, ink, blend(ground, ink, 0.82), blend(ground, ink, 0.4)
