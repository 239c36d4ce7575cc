"""A folded group: a small sketch of its layers on a stack of sheets, with its caption above."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.core.shapes import spoken
from gui.colours import blend
from gui.editor.group_places import GroupPlace
from gui.editor.items.caption import CaptionItem
from gui.editor.items.fold_signs import SIDE, draw_sign
from gui.editor.items.text import LEGIBLE, elided, scaled, width_of, write, zoom_of
from gui.editor.marks import Kind, Marks
from gui.editor.sizes import Sizes
from gui.theme import Theme

SHEETS = 2
STEP = 4.0
"""How far a sheet shows below the one above it."""
MOST_GROWN = 2.4
"""How much larger the sign becomes at the most."""
FOOT = 18.0
"""Height of the line at the foot."""


class GroupCaption(CaptionItem):
    """Its name, and what comes out of it."""

    place: GroupPlace  # type: ignore[assignment]

    @property
    def titles(self) -> tuple[str, ...]:
        return (self.place.title,)

    @property
    def subtitles(self) -> tuple[str, ...]:
        if not self.place.active:
            return (QCoreApplication.translate("Canvas", "not connected"),)
        shapes = [spoken(each) for each in self.place.shapes[:3]]
        if not shapes:
            return ("",)
        more = ["…"] if len(self.place.shapes) > 3 else []
        whole = QCoreApplication.translate("Canvas", "gives {shape}").format(
            shape=", ".join([*shapes, *more])
        )
        return whole, ", ".join([*shapes, *more]), shapes[0]


class GroupNodeItem(QGraphicsItem):
    """What is inside the frame of a folded group."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, place: GroupPlace, room: float, sizes: Sizes, theme: Theme) -> None:
        super().__init__()
        self.place, self.sizes, self.theme = place, sizes, theme
        self.words = GroupCaption(place, room, sizes, theme)  # type: ignore[arg-type]
        self.marks = Marks()
        self._step: tuple[str, bool] = ("", False)
        self._growth = 1.0
        self.setZValue(29)
        edge = 2 * STEP * SHEETS * sizes.scale
        self._bounds = place.frame.united(place.caption).adjusted(-edge, -edge, edge, edge)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_growth(self, growth: float) -> None:
        """How much larger its sign is, because the network is far away."""
        if growth != self._growth:
            self._growth = growth
            self.update()

    @property
    def sign(self) -> QRectF:
        """Where the sign stands that unfolds it: within the upper left corner, clear of the caption."""
        side, gap = SIDE * self.sizes.scale * self._growth, 5 * self.sizes.scale
        return QRectF(self.place.frame.left() + gap, self.place.frame.top() + gap, side, side)

    def set_marks(self, marks: Marks) -> None:
        """What is selected, hovered and in the focus."""
        before, self.marks = self._state, marks
        if self._state != before:
            self.update()

    def set_step(self, owner: str, walking: bool) -> None:
        """In a walkthrough: the layer of the present step, which may be one of those in here."""
        step = (owner if owner in self.place.layers else "", walking)
        if step != self._step:
            self._step = step
            self.update()

    @property
    def _state(self) -> tuple[bool, bool, bool, bool]:
        marks, path = self.marks, self.place.path
        focused = marks.focus.kind is Kind.GROUP and marks.focus.group == path
        selected = set(self.place.layers) <= marks.layers
        return selected, marks.hovered_group == path, focused, marks.hovered_fold == self.place.id

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, scale, frame = self.theme, self.sizes.scale, self.place.frame
        lit, walking = self._step
        selected, hovered, focused, on_sign = self._state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.55 if walking and not lit else 1.0)
        fill, edge, width = theme.colour("panel"), theme.colour("outline"), 1.2 * scale
        if selected:
            fill, edge, width = blend(fill, theme.colour("accent"), 0.07), theme.colour("accent"), 2.5 * scale
        if lit:
            edge, width = theme.colour("active"), 3.0 * scale
        corner = 12 * scale
        painter.setBrush(blend(theme.colour("canvas"), theme.colour("text-muted"), 0.10))
        for sheet in range(SHEETS, 0, -1):
            painter.setPen(QPen(blend(theme.colour("canvas"), theme.colour("outline"), 0.7), 1.0 * scale))
            off = sheet * STEP * scale
            painter.drawRoundedRect(frame.translated(off, off), corner, corner)
        painter.setPen(QPen(theme.colour("text") if hovered and not (selected or lit) else edge, width))
        painter.setBrush(fill)
        painter.drawRoundedRect(frame, corner, corner)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._sketch(painter, lit)
        self._foot(painter, lit)
        if focused:
            painter.setPen(QPen(theme.colour("active"), 2 * scale, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(self.place.caption, 6 * scale, 6 * scale)
        painter.setOpacity(1.0)
        draw_sign(painter, self.sign, True, theme, on_sign)

    # ---------------------------------------------------------------- parts

    def _sketch(self, painter: QPainter, lit: str) -> None:
        """Every layer a small plate, in the places that they have when it is unfolded."""
        theme, scale, place = self.theme, self.sizes.scale, self.place
        side = 18 * scale
        room = place.frame.adjusted(1.4 * side, 1.5 * side, -1.2 * side, -(FOOT + 14) * scale)
        points = [
            QPointF(room.left() + spot.x() * room.width(), room.top() + spot.y() * room.height())
            for spot in place.spots
        ]
        painter.setPen(QPen(blend(theme.colour("panel"), theme.colour("outline"), 0.7), 1.2 * scale))
        for one, two in place.lines if points else ():
            painter.drawLine(points[one], points[two])
        columns = len({round(spot.x(), 3) for spot in place.spots})
        rows = len({round(spot.y(), 3) for spot in place.spots})
        wide = min(9 * scale, 0.6 * room.width() / max(columns, 1))
        high = min(18 * scale, 0.6 * room.height() / max(rows, 1))
        for id, point in zip(place.layers, points, strict=False):
            now = id == lit
            more = 1.5 * scale if now else 0.0
            rect = QRectF(point.x() - wide / 2, point.y() - high / 2, wide, high)
            painter.setPen(QPen(theme.colour("active" if now else "outline"), (2.0 if now else 1.0) * scale))
            painter.setBrush(theme.colour("active") if now else theme.colour("raised"))
            painter.drawRoundedRect(rect.adjusted(-more, -more, more, more), 2 * scale, 2 * scale)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _foot(self, painter: QPainter, lit: str) -> None:
        """How many layers are in it; in a walkthrough which one is calculated."""
        scale, frame = self.sizes.scale, self.place.frame
        if zoom_of(painter) * 11 * scale < LEGIBLE:
            return
        line = QRectF(frame.left() + 6 * scale, frame.bottom() - (FOOT + 5) * scale,
                      frame.width() - 12 * scale, FOOT * scale)  # fmt: skip
        count = len(self.place.layers)
        one, many = (
            QCoreApplication.translate("Canvas", "1 layer"),
            QCoreApplication.translate("Canvas", "{count} layers"),
        )
        text = one if count == 1 else many.format(count=count)
        if lit:
            number = self.place.layers.index(lit) + 1
            text = QCoreApplication.translate("Canvas", "in layer {number} of {count}").format(
                number=number, count=count
            )
        font = self.theme.fonts.small
        if width_of(font, text) > line.width():
            font = scaled(font, 0.85)
        ink = self.theme.colour("text" if lit else "text-muted")
        write(painter, line, elided(font, text, line.width()), font, ink)
