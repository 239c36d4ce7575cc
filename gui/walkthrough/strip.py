"""The strip of stations: the way of a number as a row of symbols with their values, clickable."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from engine.core.notation import as_text
from engine.core.printing import symbol
from engine.following import Way
from gui.theme import Theme
from gui.walkthrough.writer import Writer
from gui.widgets.typeset import Typeset, typeset

_KEYS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End}


class Strip(QWidget):
    """One station beside the other, an arrow between; what has been passed is inked, the rest is muted.

    Left and right go from station to station, Home and End to the ends.
    """

    went_to = Signal(int)
    """A station is to be gone to."""
    marked = Signal(QRect)
    """Where the present station stands."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._way: Way | None = None
        self._writer: Writer | None = None
        self.at = 0
        self._names: list[Typeset] = []
        self._values: list[str] = []
        self.places: list[QRectF] = []
        """Where each station stands."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("The way of the number"))

    def show_way(self, way: Way, at: int, writer: Writer) -> None:
        """Another way, or another station of it."""
        if way is not self._way or self._writer != writer:
            self._way, self._writer = way, writer
            self._lay_out()
        self.at = at
        self.setAccessibleDescription(self.said(at))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        if self.places:
            self.marked.emit(self.places[at].toAlignedRect())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self._lay_out()
        self.update()

    def said(self, number: int) -> str:
        """A station in words: ``z[1]_3 = 0.7, station 2 of 11``."""
        if self._way is None:
            return ""
        ref = self._way.refs[number]
        text = self.tr("{name} = {value}, station {number} of {count}")
        return text.format(
            name=as_text(symbol(ref)), value=self._values[number], number=number + 1, count=len(self._values)
        )

    def _lay_out(self) -> None:
        way, writer, theme = self._way, self._writer, self._theme
        self._names, self._values, self.places = [], [], []
        if way is None or writer is None:
            return
        small = QFontMetricsF(theme.fonts.small)
        pad, x = theme.px(6), float(theme.space(1))
        names = [typeset(symbol(ref), theme) for ref in way.refs]
        high = max((name.height for name in names), default=0.0)
        self._line = theme.px(5) + high
        self._high = self._line + small.height() + theme.px(6)
        for ref, name in zip(way.refs, names, strict=True):
            value = as_text(writer.value(writer.trace.lookup(ref), ref))
            wide = max(name.width, small.horizontalAdvance(value)) + 2 * pad
            self._names.append(name)
            self._values.append(value)
            self.places.append(QRectF(x, theme.px(3), wide, self._high))
            x += wide + self._gap
        self.setFixedSize(round(x - self._gap + theme.space(1)), round(self._high + theme.px(6)))

    @property
    def _gap(self) -> float:
        return self._theme.px(18)

    def _number_at(self, point: QPointF) -> int | None:
        return next((n for n, place in enumerate(self.places) if place.contains(point)), None)

    def _go(self, number: int) -> None:
        if 0 <= number < len(self.places):
            self.went_to.emit(number)

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        return self.size()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            bare = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if event.key() in _KEYS and bare == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Right:
                self._go(self.at + 1)
            case Qt.Key.Key_Left:
                self._go(self.at - 1)
            case Qt.Key.Key_Home:
                self._go(0)
            case Qt.Key.Key_End:
                self._go(len(self.places) - 1)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._go(number)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor)
        self.setToolTip("" if number is None else self.said(number))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(event.rect(), theme.colour("panel"))
            for number, place in enumerate(self.places):
                if place.adjusted(-self._gap, 0, self._gap, 0).intersects(QRectF(event.rect())):
                    self._paint_station(painter, number, place)

    def _paint_station(self, painter: QPainter, number: int, place: QRectF) -> None:
        theme, way = self._theme, self._way
        assert way is not None
        here, passed = number == self.at, number <= self.at
        back = way.turn is not None and number > way.turn
        painter.setBrush(theme.colour("active" if here else "raised", 0.35 if here else 1.0))
        edge = "active" if here else "gradient" if back and passed else "accent" if passed else "border"
        painter.setPen(QPen(theme.colour(edge), theme.px(2 if here else 1)))
        painter.drawRoundedRect(place, theme.px(5), theme.px(5))
        painter.setOpacity(1.0 if passed else 0.6)
        name = self._names[number]
        name.paint(
            painter, place.center().x() - name.width / 2, place.top() + self._line - name.height, theme
        )
        painter.setFont(theme.fonts.small)
        painter.setPen(theme.colour("gradient" if back and not here else "text"))
        below = QRectF(place.left(), place.top() + self._line, place.width(), place.height() - self._line)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), self._values[number])
        painter.setOpacity(1.0)
        if number:
            self._paint_arrow(painter, place, "accent" if passed else "text-muted")
        if here and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), theme.px(1.5)))
            painter.drawRoundedRect(place.adjusted(-3, -2, 3, 2), theme.px(6), theme.px(6))

    def _paint_arrow(self, painter: QPainter, place: QRectF, colour: str) -> None:
        theme, y = self._theme, place.center().y()
        start, end, head = place.left() - self._gap + theme.px(4), place.left() - theme.px(4), theme.px(3.5)
        painter.setPen(QPen(theme.colour(colour), theme.px(1.5)))
        painter.drawLine(QPointF(start, y), QPointF(end, y))
        painter.drawLine(QPointF(end, y), QPointF(end - head, y - head))
        painter.drawLine(QPointF(end, y), QPointF(end - head, y + head))
