"""The ground of a layer: its frame behind the synapses, and its caption."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.core.shapes import spoken
from gui.colours import blend
from gui.editor.geometry import LayerPlace
from gui.editor.items.text import LEGIBLE, elided, magnified, scaled, width_of, write, zoom_of
from gui.editor.marks import Kind, Marks
from gui.editor.picture import activation_title
from gui.editor.sizes import Sizes
from gui.theme import Theme

GROWTH = 2.4
"""How much larger a caption becomes at the most when the network is far away."""


class FrameItem(QGraphicsItem):
    """Frame and caption of one layer."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, place: LayerPlace, sizes: Sizes, theme: Theme) -> None:
        super().__init__()
        self.place, self.sizes, self.theme = place, sizes, theme
        self.marks = Marks()
        self.problem = False
        """Whether the network cannot be trained because of this layer."""
        self.setZValue(-10)
        line, above = 4 * sizes.scale, place.caption.height() * (GROWTH - 1)
        whole = place.frame.united(place.caption)
        self._bounds = whole.adjusted(-line - 20, -line - above, line + 20, line)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_marks(self, marks: Marks) -> None:
        """What is selected, hovered and in focus."""
        id = self.place.id
        about = (id in marks.layers, id in marks.hovered_layers, self._focused(marks))
        if about != (id in self.marks.layers, id in self.marks.hovered_layers, self._focused(self.marks)):
            self.update()
        self.marks = marks

    def set_problem(self, problem: bool) -> None:
        """Mark the layer that stands in the way of training."""
        if problem != self.problem:
            self.problem = problem
            self.update()

    def _focused(self, marks: Marks) -> bool:
        return marks.focus.kind is Kind.CAPTION and marks.focus.layer == self.place.id

    def _title(self) -> str:
        names = {
            "input": QCoreApplication.translate("Canvas", "Input"),
            "output": QCoreApplication.translate("Canvas", "Output"),
        }
        hidden = QCoreApplication.translate("Canvas", "Hidden")
        own = self.place.drawn.title if self.place.is_block else hidden
        name = self.place.layer.name or names.get(self.place.role, own)
        number = self.place.number
        return f"{name} [{number}]" if number is not None else name

    def _subtitle(self) -> str:
        shape = self.place.drawn.shape
        count = spoken(shape) if self.place.is_block else f"n = {self.place.layer.size}"
        if not self.place.active:
            return QCoreApplication.translate("Canvas", "not connected")
        activation = activation_title(self.place)
        frozen = QCoreApplication.translate("Canvas", "frozen") if self.place.layer.frozen else ""
        return ", ".join(each for each in (activation, count, frozen) if each)

    @property
    def title_width(self) -> float:
        """How wide the text of the caption is."""
        fonts = self.theme.fonts
        return max(width_of(fonts.strong, self._title()), width_of(fonts.small, self._subtitle()))

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, place, marks, scale = self.theme, self.place, self.marks, self.sizes.scale
        selected, hovered = place.id in marks.layers, place.id in marks.hovered_layers
        edge = theme.colour("border")
        width = 1.0 * scale
        if hovered:
            edge = theme.colour("outline")
        if self.problem:
            edge, width = theme.colour("error"), 2.0 * scale
        if selected:
            edge, width = theme.colour("accent"), 2.5 * scale
        pen = QPen(edge, width)
        if not place.active:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        fill = theme.colour("panel")
        painter.setBrush(blend(fill, theme.colour("accent"), 0.07) if selected else fill)
        corner = self.sizes.radius * 0.6
        painter.drawRoundedRect(place.frame, corner, corner)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._focused(marks):
            painter.setPen(QPen(theme.colour("active"), 2 * scale, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(place.caption, 6 * scale, 6 * scale)
        self._caption(painter)
        if place.ellipsis is not None:
            self._ellipsis(painter, place.ellipsis)

    def _caption(self, painter: QPainter) -> None:
        """From far away the text grows upwards, so that the structure can still be read."""
        theme, near = self.theme, self.place.caption
        growth = magnified(zoom_of(painter), 0.85, GROWTH)
        height = near.height() * growth
        rect = QRectF(near.left() - 20, near.bottom() - height, near.width() + 40, height)
        if zoom_of(painter) * rect.height() / 3 < LEGIBLE:
            return
        upper = QRectF(rect.left(), rect.top(), rect.width(), rect.height() * 0.52)
        lower = QRectF(rect.left(), upper.bottom(), rect.width(), rect.height() * 0.48)
        strong, small = scaled(theme.fonts.strong, growth), scaled(theme.fonts.small, growth)
        write(painter, upper, elided(strong, self._title(), rect.width()), strong, theme.colour("text"))
        ink = theme.colour("error" if self.problem else "text-muted")
        write(painter, lower, elided(small, self._subtitle(), rect.width()), small, ink)

    def _ellipsis(self, painter: QPainter, centre: QPointF) -> None:
        theme, scale = self.theme, self.sizes.scale
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text-muted"))
        for offset in (-9, 0, 9):
            painter.drawEllipse(QPointF(centre.x(), centre.y() + (offset - 8) * scale), 2 * scale, 2 * scale)
        if zoom_of(painter) * 12 * scale >= LEGIBLE:
            half = self.sizes.radius * 1.4
            rect = QRectF(centre.x() - half, centre.y() + 8 * scale, 2 * half, 16 * scale)
            text = QCoreApplication.translate("Canvas", "{count} more").format(count=self.place.left_out)
            write(painter, rect, text, scaled(theme.fonts.small, 0.9), theme.colour("text-muted"))
