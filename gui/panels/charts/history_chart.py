"""The chart of single weights over the updates: up to eight curves, each named at its end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath
from PySide6.QtWidgets import QWidget

from engine.core.plan import Array
from gui.panels.charts.chart import Chart, pen
from gui.panels.charts.decimation import steps_above
from gui.theme import Theme
from gui.widgets.numbers import format_number

MOST = 8
SHOWN = 400
"""A curve is drawn with between so many and twice as many bins at the most."""
INKS = ("text", "accent", "step", "gradient")
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
WIDE = 5000
"""With fewer points than this altogether lines of width 2 are quick enough."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One curve: its name as rich text, smallest and largest value of every bin, and where it began."""

    name: str
    low: Array
    high: Array
    first: float | None = None


def look_of(number: int) -> tuple[str, Qt.PenStyle]:
    """Colour and style of a curve: never the colour alone."""
    return INKS[number % len(INKS)], STYLES[number // len(INKS) % len(STYLES)]


class HistoryChart(Chart):
    """Values before every update; what lies after the present update is faint."""

    looked_at = Signal(object)
    """The update under the mouse; ``None`` when there is none."""
    sought = Signal(int)
    """An update was clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._past = [pg.PlotCurveItem(skipFiniteCheck=True) for _ in range(MOST)]
        self._future = [pg.PlotCurveItem(skipFiniteCheck=True) for _ in range(MOST)]
        self._names = [pg.TextItem(anchor=(0.0, 0.5)) for _ in range(MOST)]
        self._begin = pg.ScatterPlotItem(pxMode=True)
        self._now = pg.InfiniteLine(angle=90)
        self._zero = pg.InfiniteLine(angle=0)
        self._spots = pg.ScatterPlotItem(pxMode=True)
        self._lines: tuple[Line, ...] = ()
        self._start, self._bin, self._present = 0, 1, 0
        self._right = 0.0
        self._bottom, self._top = 0.0, 0.0
        self._at: int | None = None
        self._written: dict[int, tuple[str, QFont]] = {}
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("Weights over the updates"))
        for item in (
            self._zero,
            *self._future,
            *self._past,
            self._begin,
            self._now,
            self._spots,
            *self._names,
        ):
            self.addItem(item, ignoreBounds=True)
        self.label("bottom", self.tr("update"))
        self.hovered.connect(self._look)
        self.clicked.connect(lambda x, _: self.sought.emit(round(x)))
        self.view.sigResized.connect(self._place_names)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._now.setPen(pen(theme, "active", 1, Qt.PenStyle.DashLine))
        self._zero.setPen(pen(theme, "border"))
        self._ink()

    def show_lines(self, lines: Sequence[Line], start: int, width: int, present: int) -> None:
        """Other or longer curves; bin n stands for the ``width`` updates from ``start + n * width``."""
        if start != self._start or [each.name for each in lines] != [each.name for each in self._lines]:
            self._right, self._bottom, self._top = 0.0, 0.0, 0.0
        self._lines = tuple(lines[:MOST])
        self._start, self._bin, self._present = start, width, present
        self._stretch()
        self._draw()

    def values(self, update: int) -> list[tuple[float, float] | None]:
        """Smallest and largest value of every curve about an update, where they are known."""
        place = (update - self._start) // self._bin
        found: list[tuple[float, float] | None] = []
        for line in self._lines:
            known = 0 <= place < len(line.low) and math.isfinite(line.low[place])
            found.append((float(line.low[place]), float(line.high[place])) if known else None)
        return found

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        self._ink()
        for number in range(MOST):
            past, future = self._past[number], self._future[number]
            if number >= len(self._lines):
                past.setData([], [])
                future.setData([], [])
                self._names[number].setVisible(False)
                continue
            x, y = _points(self._lines[number], self._start, self._bin)
            split = int(np.searchsorted(x, self._present, side="right"))
            past.setData(x[:split], y[:split], skipFiniteCheck=True)
            rest = slice(max(0, split - 1), None) if split < len(x) else slice(0, 0)
            future.setData(x[rest], y[rest], skipFiniteCheck=True)
        firsts = [each.first for each in self._lines]
        self._begin.setData(
            [self._start for first in firsts if first is not None],
            [first for first in firsts if first is not None],
        )
        self._now.setPos(self._present)
        self._place_names()

    def _ink(self) -> None:
        theme = self.theme
        points = sum(min(len(each.low), 4 * SHOWN) for each in self._lines)
        width = theme.px(2) if points < WIDE else 1
        for number in range(MOST):
            ink, style = look_of(number)
            self._past[number].setPen(pen(theme, ink, width, style))
            faint = theme.colour(ink, 0.35)
            self._future[number].setPen(pen(theme, faint, 1, style))
        self._begin.setSymbol(_tick())
        self._begin.setPen(pen(theme, "text", theme.px(2)))
        self._begin.setBrush(pg.mkBrush(theme.colour("panel")))
        self._begin.setSize(theme.px(10))
        self._spots.setPen(pen(theme, "active", 2))
        self._spots.setBrush(pg.mkBrush(theme.colour("panel")))
        self._spots.setSize(theme.px(9))

    def _stretch(self) -> None:
        """Ranges that grow in steps: one of its own every frame would cost as much as the curves."""
        count = max((len(each.low) for each in self._lines), default=0)
        end = max(self._start + count * self._bin, self._present, self._start + 10)
        if end > self._right or end - self._start < (self._right - self._start) / 3:
            self._right = self._start + steps_above(1.02 * (end - self._start))
        known = [part[np.isfinite(part)] for each in self._lines for part in (each.low, each.high)]
        firsts = [each.first for each in self._lines if each.first is not None]
        whole = np.concatenate([*known, np.array(firsts, float)]) if self._lines else np.zeros(0)
        low, high = (float(whole.min()), float(whole.max())) if len(whole) else (-1.0, 1.0)
        if low < self._bottom or high > self._top or high - low < (self._top - self._bottom) / 3:
            span = max(high - low, 1e-6 * max(abs(low), abs(high)), 1e-9)
            step = steps_above(span) / 10
            self._bottom = math.floor((low - 0.05 * span) / step) * step
            self._top = math.ceil((high + 0.05 * span) / step) * step
        room = self._name_room()
        self.show_range(self._start, self._right + room, self._bottom, self._top)

    @property
    def roomy(self) -> bool:
        """Whether the names stand in one column, with the values behind them."""
        return self._columns() == 1

    def _columns(self) -> int:
        """In how many columns the names stand so that none lies on another."""
        fit = max(1, int(self.view.height() / self._line_height()))
        return -(-len(self._lines) // fit)

    def _line_height(self) -> float:
        return 1.3 * QFontMetricsF(self._font).height()

    @property
    def _font(self) -> QFont:
        return self.theme.fonts.math if len(self._lines) <= 3 else self.theme.fonts.small

    def _name_width(self) -> float:
        """Pixels that one column of names takes up."""
        text = "w[1]1,1 = −0.0000" if self._columns() == 1 else "w[1]10,10"
        return QFontMetricsF(self._font).horizontalAdvance(text) + self.theme.px(8)

    def _name_room(self) -> float:
        """How many updates the names at the right take up."""
        pixels = max(1.0, self.view.width())
        wide = self._columns() * self._name_width() if self._lines else 0.0
        share = min(0.5, wide / pixels)
        return (self._right - self._start) * share / (1.0 - share)

    def _write(self) -> None:
        """The names, with the values at the update under the mouse or at the end."""
        update = self._at if self._at is not None else self._present
        found, roomy = self.values(update), self.roomy
        for number, (name, line) in enumerate(zip(self._names, self._lines, strict=False)):
            colour = self.theme.css(look_of(number)[0])
            value = found[number] if roomy else None
            text = f" = {format_number((value[0] + value[1]) / 2)}" if value is not None else ""
            html = f'<span style="color:{colour}; white-space: nowrap">{line.name}{text}</span>'
            if self._written.get(number) != (html, self._font):
                self._written[number] = html, self._font
                name.setHtml(html)
                name.textItem.setFont(self._font)

    def _place_names(self, *_: object) -> None:
        """At the end of the curves, in their order, one below the other where they would overlap."""
        if not self._lines or self.view.height() <= 0:
            return
        self._write()
        across, down = self.pixel()
        line, columns = self._line_height() * down, self._columns()
        ends: list[list[float]] = []
        for number, each in enumerate(self._lines):
            known = np.flatnonzero(np.isfinite(each.low))
            self._names[number].setVisible(bool(len(known)))
            if len(known):
                last = int(known[-1])
                x = float(self._start + last * self._bin)
                ends.append([float(each.low[last] + each.high[last]) / 2, float(number), x])
        ends.sort(key=lambda end: end[0])
        right = max((end[2] for end in ends), default=0.0)
        for column in range(columns):
            _spread(ends[column::columns], line, self._bottom, self._top)
            for end in ends[column::columns]:
                x = right + column * self._name_width() * across
                self._names[int(end[1])].setPos(x, end[0])

    def _look(self, point: QPointF | None) -> None:
        update = None if point is None else round(point.x())
        found = [] if update is None else self.values(update)
        spots = [(each[0] + each[1]) / 2 for each in found if each is not None]
        self._spots.setData([update] * len(spots), spots)
        self._at = update if spots else None
        self._write()
        self.looked_at.emit(update if spots else None)


def _points(line: Line, start: int, width: int) -> tuple[Array, Array]:
    """x and y of one line: through every value, or up and down each bin; gaps stay out of it.

    Single values far apart (a sampled stretch) are joined by a straight line.
    """
    low, high = line.low, line.high
    if len(low) > 2 * SHOWN:
        size = -(-len(low) // (2 * SHOWN))
        pad = -len(low) % size
        low = np.fmin.reduce(np.append(low, np.full(pad, np.nan)).reshape(-1, size), axis=1)
        high = np.fmax.reduce(np.append(high, np.full(pad, np.nan)).reshape(-1, size), axis=1)
        width *= size
    known = np.flatnonzero(np.isfinite(low))
    x = start + width * known.astype(np.float64)
    if width == 1:
        return x, low[known]
    x = np.repeat(x, 2)
    x[1::2] += width / 2
    y = np.empty(2 * len(known))
    y[0::2], y[1::2] = high[known], low[known]
    return x, y


def _spread(ends: list[list[float]], line: float, bottom: float, top: float) -> None:
    """Move the first numbers apart until they are a line from one another, and within the chart."""
    if not ends:
        return
    for end in ends:
        end[0] = min(max(end[0], bottom + line / 2), top - line / 2)
    for below, above in pairwise(ends):
        above[0] = max(above[0], below[0] + line)
    ends[-1][0] = min(ends[-1][0], top - line / 2)
    for above, below in pairwise(reversed(ends)):
        below[0] = min(below[0], above[0] - line)


def _tick() -> QPainterPath:
    """The mark of an initial value: a triangle that points into the chart."""
    path = QPainterPath(QPointF(0.0, -0.5))
    path.lineTo(0.6, 0.0)
    path.lineTo(0.0, 0.5)
    path.closeSubpath()
    return path
