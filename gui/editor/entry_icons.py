"""The small drawings of the palette: each kind with the look that it has on the canvas."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap

from engine.layers import layers
from gui import icons, ready_made
from gui.drawn import shows_neurons
from gui.editor.landing import NEURON
from gui.editor.painters import look_of
from gui.editor.painters.glyphs import glyph_of
from gui.theme import Theme, value_colour

GRID = 36
"""Side of the square that the drawings are made in."""


@lru_cache(maxsize=256)
def icon_of(kind: str, theme: Theme, side: int = GRID) -> QIcon:
    """The drawing of a kind, so many pixels large at scale 1."""
    picture = QPixmap(theme.px(side) * 2, theme.px(side) * 2)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(theme.px(side) / GRID, theme.px(side) / GRID)
        network = ready_made.kind_of(kind)
        if network:
            _paint_network(painter, network, theme)
        elif kind in layers and not shows_neurons(layers[kind]):
            _paint_sign(painter, kind, theme)
        else:
            _paint_neurons(painter, kind, theme)
    return QIcon(picture)


def _paint_sign(painter: QPainter, kind: str, theme: Theme) -> None:
    """The sign of a kind that is drawn as a block."""
    painter.setPen(QPen(theme.colour("border"), 1.4))
    painter.setBrush(theme.colour("canvas"))
    painter.drawRoundedRect(QRectF(2, 2, 32, 32), 7, 7)
    pen = QPen(theme.colour("outline"), 2.0)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(glyph_of(kind)(QRectF(8, 8, 20, 20)))


def _paint_network(painter: QPainter, kind: str, theme: Theme) -> None:
    """The drawing of a ready-made network, on two sheets: it is more than one layer."""
    painter.setPen(QPen(theme.colour("border"), 1.4))
    painter.setBrush(theme.colour("canvas"))
    painter.drawRoundedRect(QRectF(8, 2, 26, 26), 6, 6)
    painter.drawRoundedRect(QRectF(2, 6, 28, 28), 6, 6)
    icons.icon(ready_made.icon_name(kind), theme).paint(painter, QRect(6, 10, 20, 20))


def _paint_neurons(painter: QPainter, kind: str, theme: Theme) -> None:
    """One neuron, or a few in a frame."""
    role = layers[kind].role if kind in layers else "hidden"
    look = look_of(kind, role)
    pen = QPen(theme.colour("neuron-outline"), 2.0)
    several = kind != NEURON and role == "hidden"
    spots = [(18, 7), (18, 18), (18, 29)] if several else [(18, 18)]
    radius = 4.6 if several else 10.0
    if kind != NEURON:
        painter.setPen(QPen(theme.colour("border"), 1.4))
        painter.setBrush(theme.colour("canvas"))
        painter.drawRoundedRect(QRectF(9, 0.8, 18, 34.4) if several else QRectF(2, 2, 32, 32), 7, 7)
    for number, (x, y) in enumerate(spots):
        painter.setPen(pen)
        painter.setBrush(value_colour(theme, (0.15, 0.75, 0.4)[number] if several else 0.55))
        painter.drawPath(look.outline(QPointF(x, y), radius))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if look.rings:
            painter.setPen(QPen(theme.colour("canvas"), 1.6))
            painter.drawPath(look.outline(QPointF(x, y), radius - 3.8))
