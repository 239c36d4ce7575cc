"""The bubbles of a walkthrough: what happens in a neuron at this step, with the numbers put in."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.items.text import badge, scaled, width_of, write
from gui.editor.picture import Note
from gui.theme import Theme

LINE, ROUND = 19.0, 9.0
"""Height of a line, and the room left and right of the text."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """A note where it stands; a line leads from it to the rim of its neuron."""

    note: Note
    lines: tuple[str, ...]
    rect: QRectF
    start: QPointF
    end: QPointF


def lines_of(text: str) -> list[tuple[str, ...]]:
    """The ways to write a note: in one line, or with the result in a second one."""
    head, equals, tail = text.rpartition(" = ")
    if not equals or len(head) < 8:
        return [(text,)]
    return [(text,), (head, f"= {tail}")]


def size_of(lines: tuple[str, ...], theme: Theme, growth: float) -> tuple[float, float]:
    """Width and height of a bubble."""
    font, scale = scaled(theme.fonts.strong, growth), theme.scale * growth
    wide = max(width_of(font, line) for line in lines)
    return wide + 2 * ROUND * scale, (LINE * len(lines) + 5) * scale


class NotesItem(QGraphicsItem):
    """All bubbles of a step, above everything else."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.bubbles: tuple[Bubble, ...] = ()
        self._growth = 1.0
        self._bounds = QRectF()
        self.setZValue(50)
        self.stems = QGraphicsPathItem()
        """The lines from the bubbles to their neurons, behind all that is read."""
        self.stems.setZValue(22.5)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said at the moment."""
        return tuple(bubble.note.text for bubble in self.bubbles)

    def set_bubbles(self, bubbles: tuple[Bubble, ...], growth: float) -> None:
        """Say something else, or elsewhere."""
        if bubbles == self.bubbles and growth == self._growth:
            return
        self.prepareGeometryChange()
        self.bubbles, self._growth = bubbles, growth
        bounds = QRectF()
        for bubble in bubbles:
            bounds = bounds.united(bubble.rect).united(QRectF(bubble.start, bubble.end).normalized())
        edge = 6 * self.theme.scale
        self._bounds = bounds.adjusted(-edge, -edge, edge, edge) if bubbles else bounds
        path = QPainterPath()
        for bubble in bubbles:
            path.moveTo(bubble.start)
            path.lineTo(bubble.end)
            self.stems.setPen(QPen(self.theme.colour(bubble.note.look.value), 2.0 * self.theme.scale))
        self.stems.setPath(path)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.theme
        font, height = scaled(theme.fonts.strong, self._growth), LINE * theme.scale * self._growth
        for bubble in self.bubbles:
            ink, rect = theme.colour(bubble.note.look.value), bubble.rect
            badge(painter, rect, theme.colour("canvas"), ink, 2.0 * theme.scale)
            top = rect.center().y() - height * len(bubble.lines) / 2
            for number, line in enumerate(bubble.lines):
                where = QRectF(rect.left(), top + number * height, rect.width(), height)
                write(painter, where, line, font, ink)
