"""The caption of a layer: its name, and what comes out of it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.core.shapes import spoken
from gui.editor.geometry import Geometry, LayerPlace
from gui.editor.items.text import LEGIBLE, elided, magnified, scaled, width_of, write, zoom_of
from gui.editor.picture import activation_title
from gui.editor.sizes import Sizes
from gui.theme import Theme

GROWTH = 2.4
"""How much larger a caption becomes at the most when the network is far away."""
ALONE = 20.0
"""As much larger becomes the name at the most when there is no room for anything else."""

LINE = 20.0
"""Height of the line that holds nothing but the name, at scale 1."""


def above(zoom: float, caption: float, scale: float) -> float:
    """How much higher a caption stands when it is drawn larger because it is far away."""
    two = caption * magnified(zoom, 0.85, GROWTH)
    return max(two, LINE * scale * magnified(zoom, 0.85, ALONE) if zoom < 0.25 else 0.0) - caption


def far_room(geometry: Geometry, place: LayerPlace) -> float:
    """How wide a name may become where layers stand far apart: up to those beside it."""
    middle = place.frame.center().x()
    beside = (abs(each.frame.center().x() - middle) for each in geometry.nodes())
    return 0.9 * min((each for each in beside if each > 1.0), default=0.0)


class CaptionItem(QGraphicsItem):
    """Stands above the synapses, with a rim in the colour of the ground, so that it can be read there."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, place: LayerPlace, room: float, sizes: Sizes, theme: Theme) -> None:
        super().__init__()
        self.place, self.sizes, self.theme = place, sizes, theme
        self.room = room
        """How wide the text may become."""
        self.far_room = room
        """How wide the name alone may become when the network is far away."""
        self.problem = False
        self.setZValue(24)
        self._lay_out()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    @property
    def titles(self) -> tuple[str, ...]:
        """The name, the most telling first: with its number, and without."""
        place = self.place
        names = {
            "input": QCoreApplication.translate("Canvas", "Input"),
            "output": QCoreApplication.translate("Canvas", "Output"),
        }
        hidden = QCoreApplication.translate("Canvas", "Hidden")
        own = place.drawn.title if place.is_block and not place.drawn.foldable else hidden
        name = place.layer.name or names.get(place.role, own)
        return (name,) if place.number is None else (f"{name} [{place.number}]", name)

    @property
    def subtitles(self) -> tuple[str, ...]:
        """What comes out, the most telling first."""
        place = self.place
        block = place.is_block and not place.drawn.foldable
        count = spoken(place.drawn.shape) if block else f"n = {place.layer.size}"
        if not place.active:
            return (QCoreApplication.translate("Canvas", "not connected"),)
        frozen = QCoreApplication.translate("Canvas", "frozen") if place.layer.frozen else ""
        whole = ", ".join(each for each in (activation_title(place), count, frozen) if each)
        return whole, frozen or count

    @property
    def width(self) -> float:
        """How wide the text is."""
        fonts = self.theme.fonts
        return max(width_of(fonts.strong, self.titles[0]), width_of(fonts.small, self.subtitles[0]))

    @property
    def _most(self) -> float:
        """How much larger the name alone becomes at the most."""
        return min(ALONE, 4.2 * self.far_room / self.room)

    def set_far_room(self, room: float) -> None:
        """Whoever knows the neighbours says how far away they are."""
        self.far_room = max(self.room, room)
        self.prepareGeometryChange()
        self._lay_out()

    def _lay_out(self) -> None:
        """What painting may touch, however far away the camera is."""
        place, edge = self.place, 4 * self.sizes.scale
        above = max(place.caption.height() * GROWTH, LINE * self.sizes.scale * self._most)
        above -= place.caption.height()
        side = max(0.0, (self.far_room - place.caption.width()) / 2) + edge
        self._bounds = place.caption.adjusted(-side, -above - edge, side, edge)

    def set_problem(self, problem: bool) -> None:
        """Mark the layer that stands in the way of training."""
        if problem != self.problem:
            self.problem = problem
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """From far away the text grows upwards, so that the structure can still be read."""
        theme, near, zoom = self.theme, self.place.caption, zoom_of(painter)
        growth = magnified(zoom, 0.85, GROWTH)
        height = near.height() * growth
        rect = QRectF(near.center().x() - self.room / 2, near.bottom() - height, self.room, height)
        if zoom * rect.height() / 3 < LEGIBLE * self.sizes.scale:
            self._alone(painter, rect, zoom)
            return
        upper = QRectF(rect.left(), rect.top(), rect.width(), rect.height() * 0.52)
        lower = QRectF(rect.left(), upper.bottom(), rect.width(), rect.height() * 0.48)
        self._write(painter, upper, self.titles, scaled(theme.fonts.strong, growth), theme.colour("text"))
        ink = theme.colour("error" if self.problem else "text-muted")
        self._write(painter, lower, self.subtitles, scaled(theme.fonts.small, growth), ink)

    def _alone(self, painter: QPainter, rect: QRectF, zoom: float) -> None:
        """Nothing but the name, as large as two lines would be."""
        far = self.far_room > 1.5 * self.room
        growth = magnified(zoom, 0.85 if far else 0.64, self._most)
        height = LINE * self.sizes.scale * growth
        if zoom * height * 0.75 < LEGIBLE:
            return
        line = QRectF(rect.center().x() - self.far_room / 2, rect.bottom() - height, self.far_room, height)
        ink = self.theme.colour("error" if self.problem else "text")
        self._write(painter, line, self.titles[-1:], scaled(self.theme.fonts.ui, growth), ink)

    def _write(
        self, painter: QPainter, rect: QRectF, texts: tuple[str, ...], font: QFont, ink: QColor
    ) -> None:
        """The first text for which there is room, and its rim."""
        fitting = (each for each in texts if width_of(font, each) <= rect.width())
        text = next(fitting, None) or elided(font, texts[-1], rect.width())
        metrics = QFontMetricsF(font)
        middle, rim = rect.center(), QPainterPath()
        baseline = middle.y() + (metrics.ascent() - metrics.descent()) / 2
        rim.addText(QPointF(middle.x() - width_of(font, text) / 2, baseline), font, text)
        pen = QPen(self.theme.colour("canvas", 0.85), 0.28 * metrics.ascent())
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(rim, pen)
        write(painter, rect, text, font, ink)
