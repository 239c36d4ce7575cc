"""The other runs in the chart of the loss: thin lines, each with its name at the end and its own pattern."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsSimpleTextItem

from engine.core.plan import Array
from engine.curve import Curve
from gui.panels.charts.chart import CACHED, Chart, pen
from gui.panels.charts.decimation import Decimation
from gui.theme import Theme
from gui.widgets.numbers import format_number

TINY = 1e-300
PATTERNS = ((6, 3), (2, 3), (10, 3, 2, 3), (14, 5), (4, 3, 1, 3), (8, 3, 1, 3, 1, 3))
"""Dashes and gaps, one row a run, over and over."""
NEAR = 9
"""So many pixels beside a line it still counts as clicked."""


@dataclass(frozen=True, slots=True, eq=False)
class RunLine:
    """One run: from update ``parting`` on its curve is another one than the present run's."""

    number: int
    name: str
    curve: Curve
    parting: int

    def value(self, update: int) -> float | None:
        """J of an update that the present run has not in common with it."""
        place = update - self.curve.start
        known = self.parting <= update and 0 <= place < len(self.curve)
        return float(self.curve.values[place]) if known else None

    @property
    def first(self) -> int:
        """Where the line begins: at the last update in common, if there is one."""
        return max(self.curve.start, self.parting - 1)

    @property
    def own(self) -> Array:
        """J from there on."""
        return self.curve.values[self.first - self.curve.start :]


@dataclass(slots=True, eq=False)
class _Drawn:
    """What stands in the chart for one run."""

    line: pg.PlotCurveItem
    paper: QGraphicsRectItem
    name: QGraphicsSimpleTextItem
    bins: Decimation = field(default_factory=Decimation)
    key: object = None


class RunLines:
    """Belongs to a chart. Lines are drawn anew only when one of them or the scale changed."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self.lines: tuple[RunLine, ...] = ()
        self._drawn: dict[int, _Drawn] = {}
        self._log = False
        self._end: tuple[str, float, float] | None = None
        self._at: int | None = None
        self._forks, self._spots = (pg.ScatterPlotItem(pxMode=True) for _ in range(2))
        self._forks.setZValue(6)
        self._spots.setZValue(7)
        self._placed: object = None
        self._own = self._label()
        for item in (self._forks, self._spots):
            chart.addItem(item, ignoreBounds=True)
        chart.view.sigResized.connect(self.place)

    # ---------------------------------------------------------------- what is shown

    def show(self, lines: Sequence[RunLine], log: bool) -> bool:
        """Other runs, or another scale; whether anything changed."""
        keys = {
            each.number: (each.name, id(each.curve), each.parting, len(each.curve), log) for each in lines
        }
        if keys == {number: each.key for number, each in self._drawn.items()}:
            self.lines = tuple(lines)
            return False
        self.lines, self._log = tuple(lines), log
        for number in [each for each in self._drawn if each not in keys]:
            gone = self._drawn.pop(number)
            self._chart.removeItem(gone.line)
            self._chart.scene().removeItem(gone.paper)
        for each in lines:
            if each.number not in self._drawn:
                self._drawn[each.number] = self._new()
            drawn = self._drawn[each.number]
            if drawn.key != keys[each.number]:
                if drawn.key is None or drawn.key[1:3] != keys[each.number][1:3]:  # type: ignore[index]
                    drawn.bins.clear()
                drawn.key = keys[each.number]
                drawn.bins.follow(each.own)
                x, y = drawn.bins.lines(each.first)
                drawn.line.setData(x, self.height(y), skipFiniteCheck=True)
        starts = [each for each in lines if len(each.own)]
        self._forks.setData(
            [each.first for each in starts],
            [float(self.height(each.own[:1])[0]) for each in starts],
        )
        self.restyle(self._chart.theme)
        return True

    def follow(self, name: str, step: float, J: float | None) -> None:
        """Where the present run's line ends, and its name."""
        self._end = (name, step, J) if J is not None and self.lines else None
        self.place()

    def look_at(self, update: int | None) -> None:
        """The update under the mouse: every run has a spot there, and its J beside its name."""
        if update == self._at and update is None:
            return
        self._at = update
        found = [each.value(update) for each in self.lines] if update is not None else []
        values = np.array([each for each in found if each is not None])
        self._spots.setData([update] * len(values), self.height(values))
        self.place()

    def restyle(self, theme: Theme) -> None:
        """Colours, sizes and patterns."""
        for each in self.lines:
            drawn = self._drawn[each.number]
            ink = pen(theme, "text-muted", 1)
            ink.setDashPattern([float(part) for part in PATTERNS[(each.number - 1) % len(PATTERNS)]])
            drawn.line.setPen(ink)
        for item, colour, size in ((self._forks, "text", 8), (self._spots, "active", 7)):
            item.setPen(pen(theme, colour, 1.5))
            item.setBrush(pg.mkBrush(theme.colour("panel")))
            item.setSize(theme.px(size))
            item.setSymbol("d" if item is self._forks else "o")
        self.place()

    # ---------------------------------------------------------------- ranges, and what the mouse is on

    @property
    def end(self) -> int:
        """The update after the last of all."""
        return max((each.curve.end for each in self.lines), default=0)

    @property
    def top(self) -> float:
        """The largest J of all."""
        return max((each.bins.top for each in self._drawn.values()), default=0.0)

    @property
    def bottom(self) -> float:
        """The smallest J above 0 of all; infinite if there is none."""
        low = [each.bins.bottom for each in self._drawn.values()]
        return min((each for each in low if each > 0), default=math.inf)

    def at(self, x: float, y: float, own: float) -> RunLine | None:
        """The line nearest to a point of the plot, if it is near and ``own`` pixels are farther away."""
        near = [
            (self._distance(each.curve.values, each.curve.start, each.first, x, y), each)
            for each in self.lines
        ]
        near = [pair for pair in near if pair[0] <= self._chart.theme.px(NEAR) and pair[0] < own]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def distance(self, values: Array, start: int, x: float, y: float) -> float:
        """How many pixels a point of the plot is above or below a curve."""
        return self._distance(values, start, start, x, y)

    def height(self, values: Array) -> Array:
        """J as it is drawn."""
        return np.log10(np.maximum(values, TINY)) if self._log else values

    def _distance(self, values: Array, start: int, first: int, x: float, y: float) -> float:
        across, down = self._chart.pixel()
        reach = max(0.6, self._chart.theme.px(3) * across)
        low, high = max(first, math.ceil(x - reach)), math.floor(x + reach)
        part = values[max(0, low - start) : max(0, high + 1 - start)]
        if not len(part):
            return math.inf
        drawn = self.height(part)
        return max(0.0, y - float(drawn.max()), float(drawn.min()) - y) / max(down, 1e-300)

    # ---------------------------------------------------------------- names

    def place(self, *_: object) -> None:
        """Every name at the end of its line, pushed apart where they would overlap."""
        view, theme = self._chart.view, self._chart.theme
        ends: list[tuple[float, float, _Label, str, QFont]] = []
        for each in self.lines:
            drawn = self._drawn[each.number]
            if len(each.own):
                y = float(self.height(each.own[-1:])[0])
                where = view.mapFromView(QPointF(each.curve.end - 1, y))
                text = self._worded(each.name, None if self._at is None else each.value(self._at))
                ends.append((where.x(), where.y(), (drawn.paper, drawn.name), text, theme.fonts.small))
        self._own[0].setVisible(self._end is not None)
        if self._end is not None:
            name, step, J = self._end
            y = float(self.height(np.array([J]))[0])
            where = view.mapFromView(QPointF(step, y))
            bold = QFont(theme.fonts.small)
            bold.setBold(True)
            ends.append((where.x(), where.y(), self._own, name, bold))
        room, gap = QRectF(0, 0, view.width(), view.height()), theme.px(4)
        looks = [(round(x), round(y), text) for x, y, _, text, _ in ends], room, theme
        if looks == self._placed:
            return
        self._placed = looks
        taken = self._chart.named_inside()
        for x, y, (paper, label), text, font in sorted(ends, key=lambda end: -end[1]):
            label.setFont(font)
            label.setText(text)
            label.setBrush(theme.colour("text"))
            metrics = QFontMetricsF(font)
            box = QRectF(0, 0, metrics.horizontalAdvance(text) + gap, metrics.height())
            box.moveLeft(max(0.0, min(x + gap, room.width() - box.width() - gap)))
            box.moveTop(max(0.0, min(y - box.height() / 2, room.height() - box.height())))
            box = _free(box, taken, room)
            taken.append(box)
            paper.setRect(0, 0, box.width(), box.height())
            paper.setBrush(theme.colour("panel", 0.8))
            paper.setPos(box.topLeft())
            label.setPos(gap / 2, 0)

    def _worded(self, name: str, value: float | None) -> str:
        return name if value is None else f"{name} · J = {format_number(value)}"

    def _new(self) -> _Drawn:
        line = pg.PlotCurveItem(skipFiniteCheck=True)
        line.setCacheMode(CACHED)
        self._chart.addItem(line, ignoreBounds=True)
        return _Drawn(line, *self._label())

    def _label(self) -> _Label:
        paper = QGraphicsRectItem(self._chart.view)
        paper.setPen(QPen(Qt.PenStyle.NoPen))
        paper.setZValue(15)
        return paper, QGraphicsSimpleTextItem(paper)


_Label = tuple[QGraphicsRectItem, QGraphicsSimpleTextItem]


def _free(box: QRectF, taken: Sequence[QRectF], room: QRectF) -> QRectF:
    """The box, or the nearest place above or below it where it lies on no other."""
    line = box.height() / 4
    for away in range(1 + int(room.height() / line)):
        for shift in (-away * line, away * line):
            moved = box.translated(0.0, shift)
            if room.contains(moved) and not any(moved.intersects(other) for other in taken):
                return moved
    return box
