"""The neurons of one layer, filled by their activations, with their numbers and biases."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.geometry import LayerPlace, UnitPlace
from gui.editor.items.text import LEFT, LEGIBLE, RIGHT, badge, elided, scaled, shade, width_of, write, zoom_of
from gui.editor.marks import Kind, Marks
from gui.editor.painters import look_of
from gui.editor.picture import Face, Figure, Look
from gui.editor.sizes import Sizes
from gui.selection import Unit
from gui.theme import Theme

ROOM_FOR_ONE, ROOM_FOR_TWO = 11.0, 20.0
"""Radius on the screen, in pixels, from which a neuron shows a, and z and a."""
BLANK = Face()


class NeuronsItem(QGraphicsItem):
    """All drawn neurons of one layer in one item: few calls from Qt into Python."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, place: LayerPlace, sizes: Sizes, theme: Theme) -> None:
        super().__init__()
        self.place, self.sizes, self.theme = place, sizes, theme
        self.faces: Mapping[Unit, Face] = {}
        self.names: tuple[tuple[str, str], ...] = ()
        """Name and target beside each drawn unit."""
        self.marks = Marks()
        self._look = look_of(place.layer.spec.kind, place.role)
        self.setZValue(30)
        reach = sizes.radius + sizes.beside
        self._bounds = place.frame.adjusted(-reach, -reach, reach, reach)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_faces(self, faces: Mapping[Unit, Face]) -> None:
        """Newer numbers; only neurons that look different are painted again."""
        for unit in self.place.units:
            if faces.get(unit.unit) != self.faces.get(unit.unit):
                self.update(self._around(unit))
        self.faces = faces

    def set_names(self, names: tuple[tuple[str, str], ...]) -> None:
        """Other names or targets beside the neurons."""
        if names != self.names:
            self.names = names
            self.update()

    def set_marks(self, marks: Marks) -> None:
        """What is selected, hovered and in focus."""
        for unit in self.place.units:
            if self._mark(unit, marks) != self._mark(unit, self.marks):
                self.update(self._around(unit))
        self.marks = marks

    def _mark(self, unit: UnitPlace, marks: Marks) -> tuple:
        focus = marks.focus
        return (
            unit.unit in marks.units,
            unit.unit in marks.hovered_units,
            unit.unit in marks.hovered_biases,
            unit.unit in marks.ports,
            focus.kind if focus.unit == unit.unit and focus.kind in {Kind.UNIT, Kind.BIAS} else None,
        )

    def _around(self, unit: UnitPlace) -> QRectF:
        reach = self.sizes.radius + 14 * self.sizes.scale
        wide = max(reach, self.sizes.chip[0])
        return QRectF(unit.x - wide, unit.y - reach, 2 * wide, 2 * reach + self.sizes.chip[1])

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        exposed = option.exposedRect  # type: ignore[attr-defined]
        beside = self.sizes.beside
        for number, unit in enumerate(self.place.units):
            around = self._around(unit)
            if not exposed.intersects(around.adjusted(-beside, 0, beside, 0)):
                continue
            face = self.faces.get(unit.unit, BLANK)
            painter.setOpacity(0.5 if face.faded else 1.0)
            self._neuron(painter, unit, face)
            if self.place.bias:
                self._bias(painter, unit, face)
            if number < len(self.names):
                self._name(painter, unit, *self.names[number])
        painter.setOpacity(1.0)

    # ---------------------------------------------------------------- parts

    def _neuron(self, painter: QPainter, unit: UnitPlace, face: Face) -> None:
        theme, scale, radius, marks = self.theme, self.sizes.scale, self.sizes.radius, self.marks
        outline = self._look.outline(unit.centre, radius)
        hollow = face.fill is None
        fill, ink, soft, line = shade(theme, face.fill)
        edge, width = theme.colour("neuron-outline"), 1.6 * scale
        if face.active:
            edge, width = theme.colour("active"), 3.5 * scale
        elif unit.unit in marks.hovered_units:
            edge, width = theme.colour("active"), 2.5 * scale
        pen = QPen(edge, width)
        if hollow and not self.place.active:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawPath(outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in range(self._look.rings):
            inside = self._look.outline(unit.centre, radius - (4.0 + 4.0 * ring) * scale)
            painter.setPen(QPen(line, 1.2 * scale))
            painter.drawPath(inside)
        if unit.unit in marks.units:
            self._ring(painter, unit, "accent", Qt.PenStyle.SolidLine, 4.5, 3.0)
        if marks.focus.kind is Kind.UNIT and marks.focus.unit == unit.unit:
            self._ring(painter, unit, "active", Qt.PenStyle.DotLine, 8.0, 2.5)
        if face.bottom.look is Look.SLOPE:
            self._slope_half(painter, unit, outline)
        self._numbers(painter, unit, face, ink, soft, line)
        if unit.unit in marks.ports:
            self._port(painter, unit)

    def _ring(
        self, painter: QPainter, unit: UnitPlace, colour: str, style: Qt.PenStyle, gap: float, width: float
    ) -> None:
        scale = self.sizes.scale
        painter.setPen(QPen(self.theme.colour(colour), width * scale, style))
        painter.drawPath(self._look.outline(unit.centre, self.sizes.radius + gap * scale))

    def _slope_half(self, painter: QPainter, unit: UnitPlace, outline: QPainterPath) -> None:
        """Light ground for the slope in the lower half, so that it does not look like an activation."""
        reach = self.sizes.radius
        half = QPainterPath()
        half.addRect(QRectF(unit.x - reach, unit.y, 2 * reach, reach))
        pen = painter.pen()
        painter.fillPath(outline.intersected(half), self.theme.colour("canvas"))
        painter.setPen(QPen(self.theme.colour("gradient"), 1.4 * self.sizes.scale))
        painter.drawPath(outline.intersected(half))
        painter.setPen(pen)

    def _numbers(
        self, painter: QPainter, unit: UnitPlace, face: Face, ink: QColor, soft: QColor, line: QColor
    ) -> None:
        radius, zoom = self.sizes.radius, zoom_of(painter)
        if radius * zoom < ROOM_FOR_ONE * self.sizes.scale:
            return
        font = self.theme.fonts.small
        far = radius * zoom < ROOM_FOR_TWO * self.sizes.scale
        if far or not (face.top.text and face.bottom.text):
            one = face.bottom if face.bottom.text else face.top
            growth = min(1.6 if far else 1.15, 1.5 * radius / max(width_of(font, one.text), 1.0))
            self._figure(painter, unit.x, unit.y, 1.55 * radius, one, scaled(font, growth), ink)
            return
        painter.setPen(QPen(line, 0.8 * self.sizes.scale))
        painter.drawLine(QPointF(unit.x - 0.72 * radius, unit.y), QPointF(unit.x + 0.72 * radius, unit.y))
        self._figure(painter, unit.x, unit.y - 0.34 * radius, 1.4 * radius, face.top, font, soft)
        self._figure(painter, unit.x, unit.y + 0.34 * radius, 1.4 * radius, face.bottom, font, ink)

    def _figure(
        self, painter: QPainter, x: float, y: float, width: float, figure: Figure, font: QFont, ink: QColor
    ) -> None:
        """One number of a neuron, made smaller where it is too long."""
        long = width_of(font, figure.text)
        if figure.look is Look.SLOPE:
            ink, width = self.theme.colour("gradient"), 1.55 * self.sizes.radius
        if long > width:
            font = scaled(font, max(0.6, width / long))
        write(painter, QRectF(x - width / 2, y - 20, width, 40), figure.text, font, ink)

    def _port(self, painter: QPainter, unit: UnitPlace) -> None:
        size, scale = self.sizes.port, self.sizes.scale
        centre = QPointF(unit.x + self.sizes.radius, unit.y)
        painter.setPen(QPen(self.theme.colour("canvas"), 1.5 * scale))
        painter.setBrush(self.theme.colour("accent"))
        painter.drawEllipse(centre, size, size)
        painter.setPen(QPen(self.theme.colour("accent-text"), 1.8 * scale))
        arm = size * 0.5
        arrow = QPainterPath(QPointF(centre.x() - arm, centre.y()))
        arrow.lineTo(centre.x() + arm, centre.y())
        arrow.moveTo(centre.x(), centre.y() - arm)
        arrow.lineTo(centre.x(), centre.y() + arm)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(arrow)

    def _bias(self, painter: QPainter, unit: UnitPlace, face: Face) -> None:
        if zoom_of(painter) * 11 * self.sizes.scale < LEGIBLE or not face.bias.text:
            return
        theme, scale, figure = self.theme, self.sizes.scale, face.bias
        rect = self.place.bias_rect(unit, self.sizes)
        font = scaled(theme.fonts.small, 0.94)
        plain = figure.look in {Look.PLAIN, Look.MUTED}
        text = f"b {figure.text}" if plain else figure.text
        wide = max(rect.width(), width_of(font, text) + 8 * scale)
        rect = QRectF(unit.x - wide / 2, rect.top(), wide, rect.height())
        edge = None
        if figure.framed:
            edge = theme.colour(figure.look.value)
        if unit.unit in self.marks.hovered_biases:
            edge = theme.colour("active")
        if self.marks.focus.kind is Kind.BIAS and self.marks.focus.unit == unit.unit:
            edge = theme.colour("active")
        badge(painter, rect, theme.colour("raised" if plain else "canvas"), edge, 1.6 * scale)
        ink = theme.colour("text") if figure.look is Look.PLAIN else theme.colour(figure.look.value)
        write(painter, rect, text, font, ink)

    def _name(self, painter: QPainter, unit: UnitPlace, name: str, target: str) -> None:
        if zoom_of(painter) * 12 * self.sizes.scale < LEGIBLE or not (name or target):
            return
        theme, scale = self.theme, self.sizes.scale
        left = self.place.role == "input"
        where = RIGHT if left else LEFT
        gap = self.sizes.radius + self.sizes.padding + 8 * scale
        width = self.sizes.beside - 8 * scale
        x = unit.x - gap - width if left else unit.x + gap
        height = 18 * scale
        both = (name, "text", theme.fonts.ui), (target, "text-muted", theme.fonts.small)
        lines = [each for each in both if each[0]]
        top = unit.y - height * len(lines) / 2
        for text, ink, font in lines:
            rect = QRectF(x, top, width, height)
            if width_of(font, text) > width:
                font = scaled(theme.fonts.small, 0.92)
            write(painter, rect, elided(font, text, width), font, theme.colour(ink), where)
            top += height
