"""Marker shapes of the classes, the same in charts and legends."""

from __future__ import annotations

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from gui.theme import CLASS_MARKERS, Theme


def marker(number: int) -> str:
    """The shape of a class."""
    return CLASS_MARKERS[number % len(CLASS_MARKERS)]


def marker_picture(theme: Theme, number: int, side: float = 12.0, ratio: float = 1.0) -> QPixmap:
    """A class's marker as a picture for a legend."""
    pixels = theme.px(side)
    picture = QPixmap(QSize(pixels, pixels) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as p:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.translate(pixels / 2, pixels / 2)
        p.scale(0.85 * pixels, 0.85 * pixels)
        p.setPen(QPen(Qt.PenStyle.NoPen))
        p.setBrush(theme.class_colour(number))
        p.drawPath(Symbols[marker(number)])
    return picture


def size_for(points: int) -> float:
    """Diameter of a marker at scale 1: large where there are few."""
    return 13.0 if points <= 20 else 9.0 if points <= 300 else 7.0 if points <= 1000 else 5.0


def brush(colour: QColor) -> object:
    """A brush as pyqtgraph's scatter plots want it."""
    return pg.mkBrush(colour)
