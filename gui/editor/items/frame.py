"""The ground of a layer: its frame behind the synapses."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.colours import blend
from gui.editor.geometry import LayerPlace
from gui.editor.items.caption import CaptionItem
from gui.editor.items.text import LEGIBLE, scaled, write, zoom_of
from gui.editor.marks import Kind, Marks
from gui.editor.sizes import Sizes
from gui.theme import Theme


class FrameItem(QGraphicsItem):
    """The frame of one layer. Its caption is an item of its own, above the synapses."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, place: LayerPlace, room: float, sizes: Sizes, theme: Theme) -> None:
        super().__init__()
        self.place, self.sizes, self.theme = place, sizes, theme
        self.words = CaptionItem(place, room, sizes, theme)
        self.marks = Marks()
        self.problem = False
        """Whether the network cannot be trained because of this layer."""
        self.setZValue(-10)
        line = 4 * sizes.scale
        whole = place.frame.united(place.caption)
        self._bounds = whole.adjusted(-line, -line, line, line)
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
            self.words.set_problem(problem)
            self.update()

    def _focused(self, marks: Marks) -> bool:
        return marks.focus.kind is Kind.CAPTION and marks.focus.layer == self.place.id

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
        if place.ellipsis is not None:
            self._ellipsis(painter, place.ellipsis)

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
