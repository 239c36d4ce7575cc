"""The numbers on the synapses."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.figures import slimness
from gui.editor.items.text import LEFT, LEGIBLE, asked_for, badge, scaled, width_of, write, zoom_of
from gui.editor.picture import Figure, Lock, Look
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
        self.hidden: frozenset[int] = frozenset()
        """Synapses whose number would be covered by something more important."""
        self.crowded = False
        """With many synapses the numbers show only when the camera is near."""
        self.growth = 1.0
        """How much larger the numbers are drawn that matter now, when the network is far away."""
        self._bounds = QRectF()
        self.setZValue(40)
        # Synapses move below all the time: what did not change itself is not painted again.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_growth(self, growth: float) -> None:
        """The camera is nearer or farther."""
        if growth != self.growth:
            self.growth = growth
            self.set_spots(self.spots, self.hidden)

    def set_spots(self, spots: Mapping[int, QPointF], hidden: frozenset[int] = frozenset()) -> None:
        """Where the numbers stand."""
        self.prepareGeometryChange()
        self.spots, self.hidden = spots, hidden
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
        old, self.figures, self.loud, self.near = self.figures, figures, loud, near
        other = sum(old.get(number) is not figure for number, figure in figures.items())
        if 2 * other > len(figures) > 1:
            self.update()  # while the network learns nearly all do: to ask for one plate each takes longer
            return
        for number in figures.keys() | old.keys():
            now, before = figures.get(number), old.get(number)
            if now is before or number not in self.spots:
                continue
            if number in stands_out:
                self.update(self._around(self.spots[number]))
            elif now != before:
                for figure in (now, before):
                    if figure is not None:
                        growth = self._growth(number) if figure is now else self.growth
                        plate = plate_of(figure, self.spots[number], self.theme, growth)
                        self.update(plate.adjusted(-2, -2, 2, 2))

    def _around(self, spot: QPointF) -> QRectF:
        """What painting a number may touch."""
        plate = self.box(spot, 180 * self.theme.scale * self.growth)
        reach = 1.5 * plate.height() * self.growth
        return plate.adjusted(0, -reach, 0, reach)

    def box(self, spot: QPointF, width: float) -> QRectF:
        """The plate of a number of some width."""
        height = 18 * self.theme.scale
        return QRectF(spot.x() - width / 2, spot.y() - height / 2, width, height)

    def plate(self, number: int) -> QRectF:
        """The plate of a synapse's number as it is now."""
        return plate_of(self.figures[number], self.spots[number], self.theme, self._growth(number))

    def at(self, x: float, y: float) -> int | None:
        """The synapse whose number is at a point."""
        for number in self.figures:
            if number in self.spots and number not in self.hidden and self.plate(number).contains(x, y):
                return number
        return None

    def _growth(self, number: int) -> float:
        return self.growth if self._matters(number) else 1.0

    def _matters(self, number: int) -> bool:
        return self.figures[number].framed or number in self.loud or number in self.near

    def _rank(self, number: int) -> tuple[bool, bool, bool]:
        """What matters more is painted later, over the others."""
        return self._matters(number), number in self.loud, self.figures[number].framed

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        least = 1.5 * LEGIBLE if self.crowded else LEGIBLE
        legible = zoom_of(painter) * 12 * self.theme.scale >= least
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wanted = asked_for(painter)
        shown = (n for n in self.figures if n in self.spots and n not in self.hidden and self.figures[n].text)
        plates = {n: self.plate(n) for n in shown if legible or self._matters(n)}
        asked = [n for n, plate in plates.items() if wanted(plate)]
        for number in sorted(asked, key=self._rank):
            self._chip(painter, number, plates[number])

    def _chip(self, painter: QPainter, number: int, rect: QRectF) -> None:
        theme, figure, scale = self.theme, self.figures[number], self.theme.scale
        edge = theme.colour(figure.look.value) if figure.framed else None
        if number in self.loud:
            edge = theme.colour("active")
        badge(painter, rect, theme.colour("canvas"), edge, 1.4 * scale)
        if figure.lock is not Lock.OPEN:
            size = scale * self._growth(number)
            lock = QRectF(rect.left() + 4 * size, rect.center().y() - 4.5 * size, 8 * size, 9 * size)
            padlock(
                painter, lock, theme, filled=figure.lock is Lock.LOCKED, open=figure.lock is Lock.RELEASED
            )
            rect.setLeft(rect.left() + 10 * size)
        if figure.parts:
            self._parts(painter, rect, figure, number)
            return
        write(
            painter,
            rect,
            figure.text,
            font_of(figure, theme, self._growth(number)),
            theme.colour(figure.look.value),
        )

    def _parts(self, painter: QPainter, rect: QRectF, figure: Figure, number: int) -> None:
        """Several numbers on one plate, each in its own look."""
        font = font_of(figure, self.theme, self._growth(number))
        x, y = rect.center().x() - width_of(font, figure.text) / 2, rect.top()
        row = rect.height() / len(figure.rows)
        for text, look in figure.parts:
            wide, ink = width_of(font, text), self.theme.colour(look.value)
            if figure.stacked:
                write(painter, QRectF(rect.left(), y, rect.width(), row), text, font, ink)
                y += row
            else:
                write(painter, QRectF(x, y, wide, row), text, font, ink, LEFT)
                x += wide


def font_of(figure: Figure, theme: Theme, growth: float = 1.0) -> QFont:
    """The font of a number; that of the number which is calculated with is a little larger."""
    plain = figure.look in {Look.PLAIN, Look.MUTED}
    size = 1.12 if figure.framed else slimness(len(figure.text)) if plain else 1.0
    return scaled(theme.fonts.small, size * growth)


def plate_of(figure: Figure, spot: QPointF, theme: Theme, growth: float = 1.0) -> QRectF:
    """The plate of a number whose middle is at a point."""
    scale = theme.scale * growth
    font = font_of(figure, theme, growth)
    width = max(width_of(font, each) for each in figure.rows) + 9 * scale
    width += 11 * scale if figure.lock is not Lock.OPEN else 0.0
    height = 18 * scale * len(figure.rows)
    return QRectF(spot.x() - width / 2, spot.y() - height / 2, width, height)


def padlock(
    painter: QPainter, rect: QRectF, theme: Theme, *, filled: bool = True, open: bool = False
) -> None:
    """A small padlock; filled for a weight that never changes, an outline for one held just now, with its
    bow open for one that may change now."""
    ink = theme.colour("text-muted")
    body, bow = padlock_paths(rect, open)
    line = QPen(ink, rect.width() * (0.17 if filled else 0.14))
    painter.setPen(Qt.PenStyle.NoPen if filled else line)
    painter.setBrush(ink if filled else Qt.BrushStyle.NoBrush)
    painter.drawPath(body)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(line)
    painter.drawPath(bow)


def padlock_paths(rect: QRectF, open: bool = False) -> tuple[QPainterPath, QPainterPath]:
    """Its body and its bow, which is lifted out at the right while it is open."""
    body, bow = QPainterPath(), QPainterPath()
    box = QRectF(rect.left(), rect.center().y() - rect.height() * 0.05, rect.width(), rect.height() * 0.55)
    body.addRoundedRect(box, 1, 1)
    inset, lift = rect.width() * 0.2, 0.14 * rect.height() if open else 0.0
    bow.moveTo(rect.left() + inset, box.top())
    bow.lineTo(rect.left() + inset, rect.top() + rect.height() * 0.3 - lift)
    bow.arcTo(
        rect.left() + inset, rect.top() - lift, rect.width() - 2 * inset, rect.height() * 0.5, 180, -180
    )
    if not open:
        bow.lineTo(rect.right() - inset, box.top())
    return body, bow
