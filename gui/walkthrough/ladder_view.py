"""A gradient ladder drawn: stations from the loss downwards, between them factors as bars on a log axis."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.core.expressions import Number, Product, Ref, references
from engine.core.notation import Notation, Row, Text, as_text, operator, row
from engine.core.printing import in_numbers, in_symbols, symbol
from engine.ladder import Ladder, Rung
from engine.trace import Trace
from gui.theme import Theme
from gui.walkthrough.blocks.base import laid_out
from gui.widgets.numbers import format_number
from gui.widgets.typeset import Tone, Typeset

BARS = 0.4
"""Share of the width that the bars take."""
LEAST_DECADES, MOST_DECADES = 1, 12
MOST_FACTORS = 3
"""More factors than this are not written one by one."""


@dataclass(slots=True)
class _Line:
    """What stands in one band of the picture."""

    top: float
    height: float
    texts: list[tuple[Typeset, float, float]] = field(default_factory=list)
    rung: int | None = None
    """The number of the rung, between two stations."""
    chip: QRectF | None = None
    said: str = ""


class LadderView(QWidget):
    """Up and down go from rung to rung, Enter takes another way where the path forks."""

    hovered = Signal(object)
    """The keys of what a rung is made of."""
    turned = Signal(int)
    """Another way is wanted at a rung."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._trace: Trace | None = None
        self.ladder: Ladder | None = None
        self._lines: list[_Line] = []
        self._decades = LEAST_DECADES
        self._under: int | None = None
        self._laid_for = -1.0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Gradient ladder"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_ladder(self, ladder: Ladder | None, trace: Trace | None) -> None:
        """Another path, or other numbers on it."""
        self.ladder, self._trace = ladder, trace
        self._anew()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self._anew()

    def rect_of(self, rung: int) -> QRectF:
        """Where a rung stands."""
        line = next(each for each in self._lines if each.rung == rung)
        return QRectF(0, line.top, self.width(), line.height)

    def chip_of(self, rung: int) -> QRectF | None:
        """Where the button for another way stands, if there is one."""
        return next(each.chip for each in self._lines if each.rung == rung)

    # ---------------------------------------------------------------- layout

    def _anew(self) -> None:
        self._laid_for = -1.0
        self._under = None
        self._lay_out()
        self.setMinimumHeight(round(self._lines[-1].top + self._lines[-1].height) if self._lines else 0)
        self.setAccessibleDescription("\n".join(each.said for each in self._lines))
        self.update()

    def _lay_out(self) -> None:
        if self._laid_for == self.width():
            return
        self._laid_for = self.width()
        self._lines = []
        ladder, trace = self.ladder, self._trace
        if ladder is None or trace is None:
            return
        sizes = [abs(math.log10(abs(rung.factor))) for rung in ladder.rungs if _has_a_log(rung.factor)]
        self._decades = int(min(MOST_DECADES, max(LEAST_DECADES, math.ceil(max(sizes, default=1.0)))))
        y = self._station(ladder.top, ladder.value, None, float(self._theme.space(0.5)))
        for number, rung in enumerate(ladder.rungs):
            y = self._between(number, rung, y)
            y = self._station(rung.below, rung.along, rung.whole, y)

    def _station(self, ref: Ref, along: float, whole: float | None, y: float) -> float:
        """The blame that arrives at a number, along this path and along all of them."""
        theme = self._theme
        text = Text(format_number(along), "number", ref)
        made = laid_out(row(symbol(ref), operator("="), text), theme, self._room(), 1.0)
        line = _Line(y, made.height + theme.px(4), [(made, theme.space(), y)])
        line.said = f"{as_text(symbol(ref))} = {format_number(along)}"
        if whole is not None and not math.isclose(along, whole, rel_tol=1e-6):
            said = self.tr("all paths: {0}").format(format_number(whole))
            note = laid_out(Row((Text(said),), Tone.MUTED), theme, self._right(), 0.85)
            line.texts.append((note, self._left(), y + made.ascent - note.ascent))
            line.said += f", {said}"
        self._lines.append(line)
        return y + line.height

    def _between(self, number: int, rung: Rung, y: float) -> float:
        theme, trace = self._theme, self._trace
        assert trace is not None
        factors = tuple(each for each in rung.factors if not (isinstance(each, Number) and each.value == 1.0))
        indent = theme.space(3)
        room = self._room() - indent + theme.space()
        line = _Line(y, 0.0, rung=number)
        x, at = float(indent), y + theme.px(2)
        product = Product(factors)
        value: Notation = Text(format_number(rung.factor), "number")
        if 0 < len(factors) <= MOST_FACTORS and all(isinstance(each, Ref) for each in factors):
            symbols = row(operator("·"), in_symbols(product))
            numbers = in_numbers(product, trace.lookup, format_number)
            shown = [symbols, row(operator("="), numbers) if len(factors) > 1 else row(operator("="), value)]
            if len(factors) > 1:
                shown.append(row(operator("="), value))
            line.said = f"· {as_text(in_symbols(product))} = {format_number(rung.factor)}"
        else:
            shown = [row(operator("·"), value)]
            line.said = f"· {format_number(rung.factor)}"
        for each in shown:
            made = laid_out(each, theme, room, 0.9)
            line.texts.append((made, x, at))
            at += made.height + theme.px(2)
        line.height = max(at - y, theme.px(40)) + theme.px(2)
        fork = rung.fork
        if fork is not None:
            said = self.tr("way {0} of {1}").format(fork.ways.index(fork.chosen) + 1, len(fork.ways))
            metrics = QFontMetricsF(theme.fonts.small)
            width, height = metrics.horizontalAdvance(said) + theme.px(14), metrics.height() + theme.px(4)
            line.chip = QRectF(self._left(), y + line.height - height - theme.px(2), width, height)
            line.said += f", {said}"
        self._lines.append(line)
        return y + line.height

    def _room(self) -> float:
        return (1 - BARS) * self.width() - 2 * self._theme.space()

    def _left(self) -> float:
        return (1 - BARS) * self.width()

    def _right(self) -> float:
        return BARS * self.width() - self._theme.space()

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        self._lay_out()
        theme = self._theme
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("panel"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.ladder is None:
                return
            self._paint_axis(painter)
            for line in self._lines:
                if line.rung is not None:
                    self._paint_rung(painter, line)
                for made, x, y in line.texts:
                    made.paint(painter, x, y, theme)

    def _paint_axis(self, painter: QPainter) -> None:
        """Beside every rung where a factor of 1 stands, and the powers of ten; at the top their names."""
        theme, first = self._theme, self._lines[0]
        painter.setFont(theme.fonts.small)
        every = max(1, math.ceil(self._decades / 2))
        for decade in range(-self._decades, self._decades + 1):
            x = self._x(float(decade))
            painter.setPen(QPen(theme.colour("outline" if decade == 0 else "border"), theme.px(1)))
            for line in self._lines:
                if line.rung is not None:
                    painter.drawLine(QPointF(x, line.top), QPointF(x, line.top + line.height))
            if decade % every == 0:
                room = QRectF(x - theme.px(40), first.top, theme.px(80), first.height)
                room.moveRight(min(room.right(), self.width() + theme.px(22)))
                painter.setPen(theme.colour("text-muted"))
                painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), format_number(10.0**decade))

    def _paint_rung(self, painter: QPainter, line: _Line) -> None:
        theme, ladder = self._theme, self.ladder
        assert ladder is not None and line.rung is not None
        rung = ladder.rungs[line.rung]
        if line.rung == self._under:
            painter.fillRect(QRectF(0, line.top, self.width(), line.height), theme.colour("accent", 0.10))
        thick = theme.px(12)
        bar = self._bar(rung.factor, line.top + theme.px(5), float(thick))
        shrinks = abs(rung.factor) < 1.0
        painter.setPen(QPen(theme.colour("gradient"), theme.px(1)))
        full = QBrush(theme.colour("gradient"))
        # a factor that makes smaller is filled, one that makes larger is hatched: not by the side alone
        painter.setBrush(full if shrinks else QBrush(theme.colour("gradient"), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(bar)
        self._paint_label(painter, rung.factor, bar)
        if line.chip is not None and rung.fork is not None:
            painter.setPen(QPen(theme.colour("accent"), theme.px(1)))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(line.chip, theme.px(4), theme.px(4))
            painter.setPen(theme.colour("text"))
            painter.setFont(theme.fonts.small)
            fork = rung.fork
            said = self.tr("way {0} of {1}").format(fork.ways.index(fork.chosen) + 1, len(fork.ways))
            painter.drawText(line.chip, int(Qt.AlignmentFlag.AlignCenter), said)

    def _paint_label(self, painter: QPainter, factor: float, bar: QRectF) -> None:
        theme = self._theme
        painter.setFont(theme.fonts.small)
        said = self.tr("0: nothing comes through") if factor == 0.0 else f"×{format_number(abs(factor), 2)}"
        metrics = QFontMetricsF(theme.fonts.small)
        width, gap = metrics.horizontalAdvance(said), theme.px(4)
        left = bar.left() - gap - width
        if abs(factor) < 1.0 and left > self._left():
            x = left
        elif bar.right() + gap + width <= self.width():
            x = bar.right() + gap
        else:
            x = self.width() - width - gap
        painter.setPen(theme.colour("text-muted"))
        painter.drawText(QPointF(x, bar.center().y() + 0.35 * metrics.ascent()), said)

    def _bar(self, factor: float, top: float, thick: float) -> QRectF:
        middle = self._x(0.0)
        if not math.isfinite(factor) or factor == 0.0:
            end = self._x(float(-self._decades if factor == 0.0 else self._decades))
        else:
            end = self._x(max(-self._decades, min(self._decades, math.log10(abs(factor)))))
        return QRectF(min(middle, end), top, max(abs(end - middle), 1.0), thick)

    def _x(self, decade: float) -> float:
        """Where a power of ten stands: 1 in the middle, smaller at the left."""
        half = self._right() / 2
        return self._left() + half + decade / self._decades * (half - self._theme.px(4))

    # ---------------------------------------------------------------- mouse and keys

    def _at(self, point: QPointF) -> _Line | None:
        self._lay_out()
        return next((each for each in self._lines if each.top <= point.y() < each.top + each.height), None)

    def _turn_to(self, rung: int | None) -> None:
        if rung == self._under:
            return
        self._under = rung
        keys: frozenset[object] = frozenset()
        if rung is not None and self.ladder is not None:
            made = self.ladder.rungs[rung]
            keys = frozenset(ref.key for each in made.factors for ref in references(each))
            keys |= {made.below.key, made.above.key}
        self.hovered.emit(keys)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        line = self._at(event.position())
        chip = line is not None and line.chip is not None and line.chip.contains(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if chip else Qt.CursorShape.ArrowCursor)
        self._turn_to(line.rung if line is not None else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = self._at(event.position())
        if line is not None and line.chip is not None and line.chip.contains(event.position()):
            self.turned.emit(line.rung)
        else:
            super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._turn_to(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = len(self.ladder.rungs) if self.ladder is not None else 0
        match event.key():
            case Qt.Key.Key_Down if count:
                self._turn_to(0 if self._under is None else (self._under + 1) % count)
            case Qt.Key.Key_Up if count:
                self._turn_to(count - 1 if self._under is None else (self._under - 1) % count)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._under is not None:
                self.turned.emit(self._under)
            case _:
                super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        bottom = self._lines[-1].top + self._lines[-1].height if self._lines else 0.0
        return QSize(self._theme.px(340), round(bottom))


def _has_a_log(factor: float) -> bool:
    return math.isfinite(factor) and factor != 0.0
