"""The neurons of one layer, filled by their activations, with their numbers and biases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.geometry import LayerPlace, UnitPlace
from gui.editor.items.blocks import draw_port
from gui.editor.items.text import LEGIBLE, asked_for, badge, scaled, shade, width_of, write, zoom_of
from gui.editor.marks import Kind, Marks
from gui.editor.painters import look_of
from gui.editor.painters.surface import fill_with_surface
from gui.editor.picture import NOTHING, UNKNOWN, Face, Figure, Look
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
        self.marks = Marks()
        self._look = look_of(place.layer.spec.kind, place.role)
        self.setZValue(30)
        reach = sizes.radius
        self._bounds = place.frame.adjusted(-reach, -reach, reach, reach)
        # Synapses move below all the time: what did not change itself is not painted again.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_faces(self, faces: Mapping[Unit, Face]) -> None:
        """Newer numbers; only neurons that look different are painted again."""
        for unit in self.place.units:
            now, before = faces.get(unit.unit, BLANK), self.faces.get(unit.unit, BLANK)
            if now is before or now == before:
                continue
            if replace(now, bias=NOTHING) != replace(before, bias=NOTHING):
                self.update(self._disc(unit))
            if now.bias != before.bias or now.faded != before.faded:
                self.update(self._plate(unit))
        self.faces = faces

    def set_marks(self, marks: Marks) -> None:
        """What is selected, hovered and in focus."""
        before, self.marks = self.marks, marks
        more = 14 * self.sizes.scale
        for unit in self.place.units:
            if self._mark(unit, marks) != self._mark(unit, before):
                self.update(self._disc(unit).adjusted(-more, -more, more, more))
                self.update(self._plate(unit))

    def _mark(self, unit: UnitPlace, marks: Marks) -> tuple:
        focus = marks.focus
        return (
            unit.unit in marks.units,
            unit.unit in marks.hovered_units,
            unit.unit in marks.hovered_biases,
            unit.unit in marks.biases,
            unit.unit in marks.ports,
            focus.kind if focus.unit == unit.unit and focus.kind in {Kind.UNIT, Kind.BIAS} else None,
        )

    def _disc(self, unit: UnitPlace) -> QRectF:
        """What painting a neuron may touch, its bias left out."""
        marks = self.marks
        marked = unit.unit in marks.units or unit.unit in marks.ports or marks.focus.unit == unit.unit
        reach = self.sizes.radius + (14 if marked else 3) * self.sizes.scale
        return QRectF(unit.x - reach, unit.y - reach, 2 * reach, 2 * reach)

    def _plate(self, unit: UnitPlace) -> QRectF:
        """What painting a bias may touch."""
        if not self.place.bias:
            return QRectF()
        rect, more = self.place.bias_rect(unit, self.sizes), self.sizes.chip[0]
        return rect.adjusted(-more / 2, -1, more / 2, 2)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wanted = asked_for(painter)
        for unit in self.place.units:
            face = self.faces.get(unit.unit, BLANK)
            painter.setOpacity(0.5 if face.faded else 1.0)
            if wanted(self._disc(unit)):
                self._neuron(painter, unit, face)
            if self.place.bias and wanted(self._plate(unit)):
                self._bias(painter, unit, face)
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
        if face.surface is not None:
            reach = QPointF(radius, radius)
            square = QRectF(unit.centre - reach, unit.centre + reach)
            fill_with_surface(painter, outline, square, face.surface, theme)
            fill = QColor(Qt.GlobalColor.transparent)
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
        if face.surface is not None:
            if unit.unit in marks.ports:
                self._port(painter, unit)
            return
        two = self._room_for_two(painter) and bool(face.top.text and face.bottom.text)
        if face.bottom.look is Look.SLOPE:
            self._slope_ground(painter, unit, outline, two)
        self._numbers(painter, unit, face, ink, soft, line, two)
        if unit.unit in marks.ports:
            self._port(painter, unit)

    def _ring(
        self, painter: QPainter, unit: UnitPlace, colour: str, style: Qt.PenStyle, gap: float, width: float
    ) -> None:
        scale = self.sizes.scale
        painter.setPen(QPen(self.theme.colour(colour), width * scale, style))
        painter.drawPath(self._look.outline(unit.centre, self.sizes.radius + gap * scale))

    def _slope_ground(self, painter: QPainter, unit: UnitPlace, outline: QPainterPath, half: bool) -> None:
        """Light ground for the slope, so that it does not look like an activation.

        It is the lower half; all of the neuron when the slope is the only number in it.
        """
        reach, shape = self.sizes.radius, outline
        if half:
            lower = QPainterPath()
            lower.addRect(QRectF(unit.x - reach, unit.y, 2 * reach, reach))
            shape = outline.intersected(lower)
        painter.fillPath(shape, self.theme.colour("canvas"))
        painter.setPen(QPen(self.theme.colour("gradient"), 1.4 * self.sizes.scale))
        painter.drawPath(shape)

    def _room_for_two(self, painter: QPainter) -> bool:
        return self.sizes.radius * zoom_of(painter) >= ROOM_FOR_TWO

    def _numbers(
        self,
        painter: QPainter,
        unit: UnitPlace,
        face: Face,
        ink: QColor,
        soft: QColor,
        line: QColor,
        two: bool,
    ) -> None:
        radius, zoom = self.sizes.radius, zoom_of(painter)
        if radius * zoom < ROOM_FOR_ONE:
            return
        font = self.theme.fonts.small
        if not two or face.top == face.bottom == UNKNOWN:
            one = face.bottom if face.bottom.text else face.top
            far = not self._room_for_two(painter)
            if far and one.brief:
                one = replace(one, text=one.brief)
            growth = min(1.6 if far else 1.15, 1.55 * radius / max(width_of(font, one.text), 1.0))
            self._figure(painter, unit.x, unit.y, 1.6 * radius, one, scaled(font, growth), ink)
            return
        if face.bottom.look is not Look.SLOPE:  # its ground divides the two already
            painter.setPen(QPen(line, 0.8 * self.sizes.scale))
            reach = 0.72 * radius
            painter.drawLine(QPointF(unit.x - reach, unit.y), QPointF(unit.x + reach, unit.y))
        self._figure(painter, unit.x, unit.y - 0.36 * radius, 1.56 * radius, face.top, font, soft)
        self._figure(painter, unit.x, unit.y + 0.36 * radius, 1.56 * radius, face.bottom, font, ink)

    def _figure(
        self, painter: QPainter, x: float, y: float, width: float, figure: Figure, font: QFont, ink: QColor
    ) -> None:
        """One number of a neuron, made smaller where it is too long."""
        long = width_of(font, figure.text)
        if figure.look is Look.SLOPE:
            ink, width = self.theme.colour("gradient"), 1.6 * self.sizes.radius
        if long > width:
            font = scaled(font, max(0.6, width / long))
        write(painter, QRectF(x - width / 2, y - 20, width, 40), figure.text, font, ink)

    def _port(self, painter: QPainter, unit: UnitPlace) -> None:
        draw_port(painter, QPointF(unit.x + self.sizes.radius, unit.y), self.sizes, self.theme)

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
        if unit.unit in self.marks.biases:
            edge = theme.colour("accent")
        if unit.unit in self.marks.hovered_biases:
            edge = theme.colour("active")
        if self.marks.focus.kind is Kind.BIAS and self.marks.focus.unit == unit.unit:
            edge = theme.colour("active")
        badge(painter, rect, theme.colour("raised" if plain else "canvas"), edge, 1.6 * scale)
        ink = theme.colour("text") if figure.look is Look.PLAIN else theme.colour(figure.look.value)
        write(painter, rect, text, font, ink)
