"""The census drawn: for each layer a row of bars, one a unit, as high as its share of flat examples."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.core.plan import Array
from gui.theme import Theme

Unit = tuple[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """One layer: its title, of every unit the share of examples without a slope, and who is dead."""

    layer: str
    title: str
    flat: Array
    dead: Array


class CensusView(QWidget):
    """Left and right stay with the walk; Up and Down go from unit to unit, Enter selects it."""

    hovered = Signal(object)
    """The unit under the mouse, or ``None``."""
    chosen = Signal(object)
    """A unit was clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bands: tuple[Band, ...] = ()
        self._under: Unit | None = None
        self.said = lambda unit: ""  # what the tool tip says of a unit
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Share of examples without a slope, unit by unit"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_bands(self, bands: tuple[Band, ...]) -> None:
        """Other layers, or other numbers."""
        self._bands = bands
        self.setMinimumHeight(round(len(bands) * self._height()))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self.show_bands(self._bands)

    def rect_of(self, unit: Unit) -> QRectF:
        """Where the bar of a unit may reach."""
        number = next(n for n, band in enumerate(self._bands) if band.layer == unit[0])
        room = self._room(number)
        step = room.width() / len(self._bands[number].flat)
        return QRectF(room.left() + unit[1] * step, room.top(), step, room.height())

    # ---------------------------------------------------------------- layout

    def _height(self) -> float:
        return QFontMetricsF(self._theme.fonts.small).height() + self._theme.px(46)

    def _room(self, number: int) -> QRectF:
        """Where the bars of a layer stand."""
        theme, height = self._theme, self._height()
        title = QFontMetricsF(theme.fonts.small).height()
        top = number * height + title + theme.px(2)
        count = len(self._bands[number].flat)
        width = min(self.width() - 2.0 * theme.space(), count * theme.px(28))
        return QRectF(theme.space(), top, max(width, 1.0), height - title - theme.px(12))

    def _at(self, point: QPointF) -> Unit | None:
        for number, band in enumerate(self._bands):
            room = self._room(number)
            if room.contains(point) and len(band.flat):
                unit = int((point.x() - room.left()) / room.width() * len(band.flat))
                return band.layer, min(unit, len(band.flat) - 1)
        return None

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("panel"))
            for number, band in enumerate(self._bands):
                self._paint_band(painter, number, band)

    def _paint_band(self, painter: QPainter, number: int, band: Band) -> None:
        theme, room = self._theme, self._room(number)
        painter.setFont(theme.fonts.small)
        painter.setPen(theme.colour("text-muted"))
        metrics = QFontMetricsF(theme.fonts.small)
        title = metrics.elidedText(
            band.title, Qt.TextElideMode.ElideRight, self.width() - 2.0 * theme.space()
        )
        painter.drawText(QPointF(theme.space(), room.top() - theme.px(4)), title)
        painter.setPen(QPen(theme.colour("outline"), theme.px(1)))
        painter.drawLine(room.bottomLeft(), QPointF(self.width() - theme.space(), room.bottom()))
        step = room.width() / max(1, len(band.flat))
        gap = min(theme.px(4), 0.2 * step)
        for unit, (flat, dead) in enumerate(zip(band.flat, band.dead, strict=True)):
            full = QRectF(room.left() + unit * step, room.top(), step - gap, room.height())
            if (band.layer, unit) == self._under:
                painter.fillRect(full, theme.colour("accent", 0.25))
            bar = QRectF(full)
            bar.setTop(room.bottom() - max(float(flat) * room.height(), 1.0))
            if dead:
                self._paint_dead(painter, bar)
            else:
                painter.fillRect(bar, theme.colour("neuron-fill-high"))

    def _paint_dead(self, painter: QPainter, bar: QRectF) -> None:
        """Another colour, hatched, and where there is room with a cross."""
        theme = self._theme
        colour = theme.colour("error")
        painter.fillRect(bar, theme.colour("error", 0.2))
        painter.fillRect(bar, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(colour, theme.px(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if bar.width() < theme.px(6):
            return
        painter.drawRect(bar)
        side = min(bar.width(), bar.height()) / 4
        middle = bar.center()
        for up in (-side, side):
            painter.drawLine(middle + QPointF(-side, up), middle + QPointF(side, -up))

    # ---------------------------------------------------------------- mouse and keys

    def _turn_to(self, unit: Unit | None) -> None:
        if unit != self._under:
            self._under = unit
            self.hovered.emit(unit)
            self.update()

    def _next(self, step: int) -> None:
        units = [(band.layer, unit) for band in self._bands for unit in range(len(band.flat))]
        if units:
            here = units.index(self._under) if self._under in units else (-1 if step > 0 else 0)
            self._turn_to(units[(here + step) % len(units)])
            self.setAccessibleDescription(self.said(self._under))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._turn_to(self._at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        unit = self._at(event.position())
        if unit is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(unit)
        else:
            super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._turn_to(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self._next(1)
            case Qt.Key.Key_Up:
                self._next(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._under is not None:
                self.chosen.emit(self._under)
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            unit = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.said(unit) if unit is not None else "", self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), round(max(1, len(self._bands)) * self._height()))
