"""The chart of a nudge: J over one weight, its tangent, and the secant to the nudged point."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from engine.session.nudges import Course
from gui.panels.charts.chart import Chart, pen
from gui.theme import Theme

REACH = 18
"""Pixels (at scale 1) within which the point that is dragged is under the mouse."""


class NudgeChart(Chart):
    """The nudged point is dragged along the curve; it stands on one of the points that were calculated."""

    nudged = Signal(int)
    """The number of the point to which it was dragged, among the course's nudges."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._curve, self._tangent, self._secant = pg.PlotCurveItem(), pg.PlotCurveItem(), pg.PlotCurveItem()
        self._corner = pg.PlotCurveItem()
        self._dots = pg.ScatterPlotItem(pxMode=True)
        self._course: Course | None = None
        self._at = 0
        super().__init__(theme, "", parent)
        self.setAccessibleName(self.tr("J over one weight"))
        for depth, item in enumerate((self._corner, self._tangent, self._secant, self._curve, self._dots)):
            item.setZValue(depth)
            self.addItem(item, ignoreBounds=True)
        self.label("up", "J")

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self._curve.setPen(pen(theme, "text", 2 * theme.scale))
        self._tangent.setPen(pen(theme, "gradient", 2 * theme.scale, Qt.PenStyle.DashLine))
        self._secant.setPen(pen(theme, "accent", 2 * theme.scale))
        self._corner.setPen(pen(theme, "outline", 1, Qt.PenStyle.DotLine))
        self._draw()

    def show_course(self, course: Course, at: int) -> None:
        """Another curve, with the nudged point on its point number ``at``."""
        self._course, self._at = course, at
        self._draw()

    def where(self, number: int) -> QPointF:
        """Where a point of the curve lies in the widget."""
        assert self._course is not None
        return self.to_screen(self._course.weight + self._course.nudges[number], self._course.costs[number])

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        course = self._course
        if course is None:
            return
        w, J = course.weight, course.J
        x = w + course.nudges
        finite = course.costs[np.isfinite(course.costs)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (J - 1, J + 1)
        # no flatter than rounding lets J be told apart: noise would fill the chart
        room = max(high - low, 64 * np.finfo(float).eps * max(1.0, abs(J)))
        middle = (low + high) / 2
        self.show_range(float(x[0]), float(x[-1]), middle - 0.65 * room, middle + 0.75 * room)
        self._curve.setData(x, course.costs, connect="finite")
        self._line(self._tangent, course.slope, w, J, x)
        nudge, cost = float(course.nudges[self._at]), float(course.costs[self._at])
        secant = (cost - J) / nudge if nudge else None
        self._line(self._secant, secant, w, J, x)
        there = math.isfinite(cost)
        self._corner.setData([w, w + nudge, w + nudge], [J, J, cost]) if there else self._corner.setData(
            [], []
        )
        theme = self.theme
        self._dots.setData(
            [w, w + nudge], [J, cost if there else J], size=[theme.px(11), theme.px(15)],
            symbol=["o", "d"], pen=pen(theme, "panel", 1.5 * theme.scale),
            brush=[pg.mkBrush(theme.colour("active")), pg.mkBrush(theme.colour("accent"))],
        )  # fmt: skip

    @staticmethod
    def _line(item: pg.PlotCurveItem, slope: float | None, w: float, J: float, x: np.ndarray) -> None:
        if slope is None or not math.isfinite(slope):
            item.setData([], [])
            return
        ends = np.array([x[0], x[-1]])
        item.setData(ends, J + slope * (ends - w))

    # ---------------------------------------------------------------- dragging

    def _nearest(self, event: QMouseEvent) -> int | None:
        course, point = self._course, self._plot_point(event)
        if course is None or point is None:
            return None
        return int(np.abs(course.weight + course.nudges - point.x()).argmin())

    def _over_the_point(self, event: QMouseEvent) -> bool:
        if self._course is None:
            return False
        away = self.where(self._at) - event.position()
        return math.hypot(away.x(), away.y()) <= self.theme.px(REACH)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._nearest(event)
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.nudged.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            if (number := self._nearest(event)) is not None and number != self._at:
                self.nudged.emit(number)
            return
        shape = Qt.CursorShape.SizeHorCursor if self._over_the_point(event) else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)
