"""The outlines by which inputs, hidden neurons and outputs are told apart without colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

Outline = Callable[[QPointF, float], QPainterPath]


@dataclass(frozen=True)
class Look:
    """How the neurons of a layer look."""

    outline: Outline
    rings: int = 0
    """Further lines inside the outline."""


def circle(centre: QPointF, radius: float) -> QPainterPath:
    """A circle."""
    path = QPainterPath()
    path.addEllipse(centre, radius, radius)
    return path


def tile(centre: QPointF, radius: float) -> QPainterPath:
    """A square with round corners, as tall as the circle."""
    path = QPainterPath()
    side = 0.92 * radius
    path.addRoundedRect(QRectF(centre.x() - side, centre.y() - side, 2 * side, 2 * side), side / 3, side / 3)
    return path


_looks: dict[str, Look] = {
    "input": Look(tile),
    "hidden": Look(circle),
    "output": Look(circle, rings=1),
}


def register(name: str, look: Look) -> None:
    """A look for a kind of layer, or for a role."""
    _looks[name] = look


def look_of(kind: str, role: str) -> Look:
    """The look of a kind; of its role if it has none of its own."""
    return _looks.get(kind) or _looks.get(role) or _looks["hidden"]
