"""What every block has: a height, spots, and a way to be painted."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from functools import lru_cache, singledispatch
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from gui.theme import Theme
from gui.walkthrough.page import Part
from gui.widgets.typeset import Spot, typeset

Lit = Collection[Hashable]
WRAP: Final = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)
"""Text that goes on in the next line."""

laid_out = lru_cache(maxsize=512)(typeset)
"""``typeset``, remembered: from step to step most of a formula stays as it is."""


class Block:
    """One part with its height; ``spots`` are the places of its numbers and symbols."""

    height: float = 0.0

    def __init__(self) -> None:
        self.spots: list[Spot] = []

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        """Draw it with its upper edge at y."""


@singledispatch
def block_of(part: Part, width: float, theme: Theme) -> Block:
    """A part laid out; every file of this folder registers the block of one sort of part."""
    raise TypeError(part)


def spot_at(spots: list[Spot], point: QPointF) -> Spot | None:
    """The innermost spot at a point."""
    found = [spot for spot in spots if spot.rect.contains(point)]
    return min(found, key=lambda spot: spot.rect.width() * spot.rect.height(), default=None)
