"""The caption of a layer: its name, and what comes out of it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.core.shapes import spoken
from gui.editor.geometry import LayerPlace
from gui.editor.items.text import LEGIBLE, elided, magnified, scaled, width_of, write, zoom_of
from gui.editor.picture import activation_title
from gui.editor.sizes import Sizes
from gui.theme import Theme

GROWTH = 2.4
"""How much larger a caption becomes at the most when the network is far away."""
ALONE = 4.2
"""As much larger becomes the name when there is no room for anything else."""


class CaptionItem(QGraphicsItem):
    """Stands above the synapses, with a rim in the colour of the ground, so that it can be read there."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, place: LayerPlace, room: float, sizes: Sizes, theme: Theme) -> None:
        super().__init__()
        self.place, self.sizes, self.theme = place, sizes, theme
        self.room = room
        """How wide the text may become."""
        self.problem = False
        self.setZValue(24)
        above, edge = place.caption.height() * (GROWTH - 1), 4 * sizes.scale
        side = max(0.0, (room - place.caption.width()) / 2) + edge
        self._bounds = place.caption.adjusted(-side, -above - edge, side, edge)
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
        own = place.drawn.title if place.is_block else hidden
        name = place.layer.name or names.get(place.role, own)
        return (name,) if place.number is None else (f"{name} [{place.number}]", name)

    @property
    def subtitles(self) -> tuple[str, ...]:
        """What comes out, the most telling first."""
        place = self.place
        count = spoken(place.drawn.shape) if place.is_block else f"n = {place.layer.size}"
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
        if zoom * rect.height() / 3 < LEGIBLE:
            self._alone(painter, rect, zoom)
            return
        upper = QRectF(rect.left(), rect.top(), rect.width(), rect.height() * 0.52)
        lower = QRectF(rect.left(), upper.bottom(), rect.width(), rect.height() * 0.48)
        self._write(painter, upper, self.titles, scaled(theme.fonts.strong, growth), theme.colour("text"))
        ink = theme.colour("error" if self.problem else "text-muted")
        self._write(painter, lower, self.subtitles, scaled(theme.fonts.small, growth), ink)

    def _alone(self, painter: QPainter, rect: QRectF, zoom: float) -> None:
        """Nothing but the name, as large as two lines would be."""
        growth = magnified(zoom, 0.64, ALONE)
        height = 20 * self.sizes.scale * growth
        if zoom * height * 0.75 < LEGIBLE:
            return
        line = QRectF(rect.left(), rect.bottom() - height, rect.width(), height)
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
