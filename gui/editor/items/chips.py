"""The numbers on the synapses and the notes of a walkthrough."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.geometry import Geometry
from gui.editor.items.text import LEGIBLE, badge, scaled, width_of, write, zoom_of
from gui.editor.picture import Figure, Note
from gui.theme import Theme


class ChipsItem(QGraphicsItem):
    """Every number on a synapse, in one item."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.figures: Mapping[int, Figure] = {}
        self.spots: Mapping[int, QPointF] = {}
        self.loud: frozenset[int] = frozenset()
        """Synapses whose number is hovered, selected or in focus: it stands out and is always shown."""
        self.near: frozenset[int] = frozenset()
        """Synapses whose number is shown however small and many they are."""
        self.crowded = False
        """With many synapses the numbers show only when the camera is near."""
        self.growth = 1.0
        """How much larger the numbers are drawn that matter now, when the network is far away."""
        self._bounds = QRectF()
        self.setZValue(40)

    def set_growth(self, growth: float) -> None:
        """The camera is nearer or farther."""
        if growth != self.growth:
            self.growth = growth
            self.set_spots(self.spots)

    def set_spots(self, spots: Mapping[int, QPointF]) -> None:
        """Where the numbers stand."""
        self.prepareGeometryChange()
        self.spots = spots
        bounds = QRectF()
        for spot in spots.values():
            bounds = bounds.united(self._around(spot))
        self._bounds = bounds
        self.update()

    def set_figures(
        self, figures: Mapping[int, Figure], loud: frozenset[int], near: frozenset[int] = frozenset()
    ) -> None:
        """Newer numbers; only those that differ are painted again."""
        stands_out = loud ^ self.loud | near ^ self.near
        for number in figures.keys() | self.figures.keys():
            now, before = figures.get(number), self.figures.get(number)
            if (now != before or number in stands_out) and number in self.spots:
                self.update(self._around(self.spots[number]))
        self.figures, self.loud, self.near = figures, loud, near

    def _around(self, spot: QPointF) -> QRectF:
        """What painting a number may touch."""
        plate = self.box(spot, 180 * self.theme.scale * self.growth)
        return plate.adjusted(0, -plate.height() * self.growth, 0, plate.height() * self.growth)

    def box(self, spot: QPointF, width: float) -> QRectF:
        """The plate of a number of some width."""
        height = 18 * self.theme.scale
        return QRectF(spot.x() - width / 2, spot.y() - height / 2, width, height)

    def plate(self, number: int) -> QRectF:
        """The plate of a synapse's number as it is now."""
        figure, scale = self.figures[number], self.theme.scale
        growth = self._growth(number)
        text = width_of(self._font(number), figure.text) + (11 * scale * growth if figure.locked else 0)
        plate = self.box(self.spots[number], text + 9 * scale * growth)
        more = plate.height() * (growth - 1) / 2
        return plate.adjusted(0, -more, 0, more)

    def at(self, x: float, y: float) -> int | None:
        """The synapse whose number is at a point."""
        for number in self.figures:
            if number in self.spots and self.plate(number).contains(x, y):
                return number
        return None

    def _growth(self, number: int) -> float:
        return self.growth if self._matters(number) else 1.0

    def _matters(self, number: int) -> bool:
        return self.figures[number].framed or number in self.loud or number in self.near

    def _rank(self, number: int) -> tuple[bool, bool, bool]:
        """What matters more is painted later, over the others."""
        return self._matters(number), number in self.loud, self.figures[number].framed

    def _font(self, number: int) -> QFont:
        larger = 1.12 if self.figures[number].framed else 1.0
        return scaled(self.theme.fonts.small, larger * self._growth(number))

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        least = 1.5 * LEGIBLE if self.crowded else LEGIBLE
        legible = zoom_of(painter) * 12 * self.theme.scale >= least
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number in sorted(self.figures, key=self._rank):
            if (legible or self._matters(number)) and number in self.spots and self.figures[number].text:
                self._chip(painter, number)

    def _chip(self, painter: QPainter, number: int) -> None:
        theme, figure, scale = self.theme, self.figures[number], self.theme.scale
        rect = self.plate(number)
        edge = theme.colour(figure.look.value) if figure.framed else None
        if number in self.loud:
            edge = theme.colour("active")
        badge(painter, rect, theme.colour("canvas"), edge, 1.4 * scale)
        if figure.locked:
            size = scale * self._growth(number)
            lock = QRectF(rect.left() + 4 * size, rect.center().y() - 4.5 * size, 8 * size, 9 * size)
            padlock(painter, lock, theme)
            rect.setLeft(rect.left() + 10 * size)
        write(painter, rect, figure.text, self._font(number), theme.colour(figure.look.value))


class NotesItem(QGraphicsItem):
    """What a walkthrough says beside a neuron: its running sum, its formula with the numbers."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._notes: tuple[tuple[QRectF, Note], ...] = ()
        self._growth = 1.0
        self._bounds = QRectF()
        self.setZValue(50)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said at the moment."""
        return tuple(note.text for _, note in self._notes)

    def set_growth(self, growth: float, geometry: Geometry) -> None:
        """The camera is nearer or farther."""
        if growth != self._growth:
            self._growth = growth
            self.set_notes(tuple(note for _, note in self._notes), geometry)

    def set_notes(self, notes: tuple[Note, ...], geometry: Geometry) -> None:
        """Say something else."""
        self.prepareGeometryChange()
        font, scale, made = self._font(), self.theme.scale * self._growth, []
        for note in notes:
            unit = geometry.unit(*note.unit)
            if unit is None:
                continue
            width, height = width_of(font, note.text) + 18 * scale, 24 * scale
            top = unit.y - geometry.sizes.radius - height - 7 * scale
            made.append((QRectF(unit.x - width / 2, top, width, height), note))
        self._notes = tuple(made)
        bounds = QRectF()
        for rect, _ in made:
            bounds = bounds.united(rect)
        self._bounds = bounds.adjusted(-4, -4, 4, 4)
        self.update()

    def _font(self) -> QFont:
        return scaled(self.theme.fonts.strong, self._growth)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.theme
        for rect, note in self._notes:
            badge(painter, rect, theme.colour("canvas"), theme.colour(note.look.value), 2.0 * theme.scale)
            write(painter, rect, note.text, self._font(), theme.colour(note.look.value))


def padlock(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """A small closed padlock: this weight does not change now."""
    ink = theme.colour("text-muted")
    body = QRectF(rect.left(), rect.center().y() - rect.height() * 0.05, rect.width(), rect.height() * 0.55)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawRoundedRect(body, 1, 1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, rect.width() * 0.17))
    bow = QPainterPath()
    inset = rect.width() * 0.2
    bow.moveTo(rect.left() + inset, body.top())
    bow.lineTo(rect.left() + inset, rect.top() + rect.height() * 0.3)
    bow.arcTo(rect.left() + inset, rect.top(), rect.width() - 2 * inset, rect.height() * 0.5, 180, -180)
    bow.lineTo(rect.right() - inset, body.top())
    painter.drawPath(bow)
