"""The inside of a neuron that shows its output over the plane of inputs."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from gui.editor.sheets import Surface
from gui.theme import Theme


def fill_with_surface(
    painter: QPainter, outline: QPainterPath, square: QRectF, surface: Surface, theme: Theme
) -> None:
    """Fill an outline with the part of the surface that it covers, the present example as a dot."""
    if surface.is_curve:
        painter.fillPath(outline, theme.colour("neuron-fill-low"))
        inner = square.adjusted(*(share * square.width() for share in (0.14, 0.2, -0.14, -0.2)))
        draw_curve(painter, inner, surface, theme, 0.05 * square.width())
        mark(painter, inner, surface, theme, 0.07 * square.width())
        return
    image = surface.image(theme)
    brush = QBrush(image)
    size = QTransform.fromTranslate(square.left(), square.top())
    brush.setTransform(size.scale(square.width() / image.width(), square.height() / image.height()))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillPath(outline, brush)
    spot = at(square, surface)
    if outline.contains(spot):
        mark(painter, square, surface, theme, 0.065 * square.width())


def draw_curve(painter: QPainter, rect: QRectF, surface: Surface, theme: Theme, width: float) -> None:
    """The output over the only input."""
    values = surface.values
    shares = [surface.share(float(each)) for each in values]
    xs = np.linspace(rect.left(), rect.right(), len(shares))
    points = [QPointF(x, rect.bottom() - share * rect.height()) for x, share in zip(xs, shares, strict=True)]
    pen = QPen(theme.colour("neuron-fill-high"), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))


def mark(painter: QPainter, rect: QRectF, surface: Surface, theme: Theme, radius: float) -> None:
    """The present example: a dot in the colour of what is looked at, ringed so that it shows everywhere."""
    painter.setPen(QPen(theme.colour("canvas"), 0.5 * radius))
    painter.setBrush(theme.colour("active"))
    painter.drawEllipse(at(rect, surface), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def at(rect: QRectF, surface: Surface) -> QPointF:
    """Where the present example lies within a rectangle."""
    spot = surface.spot
    return QPointF(rect.left() + spot.x() * rect.width(), rect.top() + spot.y() * rect.height())
