"""The boundary panel: what the network says of every point of the plane, and the data upon it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.datasets import Data
from engine.datasets.base import Task
from engine.session import Snapshot
from engine.session.probes import OnData, Outputs
from gui.laid_out import layout_of
from gui.panels.boundary_head import BoundaryHead, Subject
from gui.panels.chart_panel import ChartPanel
from gui.panels.judging import MOST_EXAMPLES, class_of, correct, middle, number_of_classes
from gui.panels.plane import Plane, side_for
from gui.theme import Theme, value_colour
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.line_chart import LineChart
    from gui.panels.charts.plane_chart import PlaneChart

GRID, POINTS = "boundary.grid", "boundary.points"
"""Names of the probes."""
EVERY = 0.1
"""Seconds between two pictures while training."""


class BoundaryPanel(ChartPanel):
    """The prediction over two inputs as a picture in class colours with its decision line.

    With one input a curve, with more than two the plane of two chosen ones. Instead of the
    prediction any neuron's own output can be shown.
    """

    name = "boundary"
    title = "Boundary and data"
    icon = "grid-3x3"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 20

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.plane: Plane | None = None
        self.plane_chart: PlaneChart | None = None
        self.line_chart: LineChart | None = None
        self._head: BoundaryHead | None = None
        self._subject = Subject()
        self._output = ""
        self._a: Array | None = None
        self._predictions: Array | None = None
        self._seen: tuple[object, object] = (None, None)
        self._hover: QPointF | None = None
        self.empty = QLabel(self.tr("There is no data yet: choose a data set in the inspector."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._stack, 1)
        self.restyle(workspace.theme)

    @property
    def head(self) -> BoundaryHead:
        """The row of choices; made when it is first needed."""
        if self._head is None:
            self._head = BoundaryHead(self.workspace.theme, self)
            self._head.chosen.connect(self._aim)
            self._column.insertWidget(0, self._head)
            self._column.addWidget(self._head.foot)
        return self._head

    @property
    def chart(self) -> PlaneChart | LineChart | None:
        """The chart that is shown."""
        if self.plane is None:
            return None
        return self.plane_chart if len(self.plane.axes) == 2 else self.line_chart

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._seen = (None, None)
        self._aim()

    def end(self) -> None:
        self.workspace.link.unwatch(GRID)
        self.workspace.link.unwatch(POINTS)

    def refresh_state(self) -> None:
        if not self.ready:
            return
        data = self.workspace.data
        self.head.offer(self.workspace.document, data)
        output = next((each.id for each in self.workspace.document.of_kind("output")), "")
        stale = self.plane is None or self.plane.data is not data
        if self.plane is None or self._why_not(data):
            stale = True
        if stale or self.head.subject != self._subject or output != self._output:
            self._aim()
        chart = self.chart
        if chart is not None and chart.points is not None:
            chart.points.choose(self.workspace.example)

    def refresh(self, snapshot: Snapshot) -> None:
        if snapshot.data is not None and (self.plane is None or snapshot.data is not self.plane.data):
            self.refresh_state()
        if self.plane is None:
            return
        grid, points = snapshot.answers.get(GRID), snapshot.answers.get(POINTS)
        before, self._seen = self._seen, (grid, points)
        if grid is not before[0]:
            self._show_grid(grid)
        if points is not before[1]:
            self._show_wrong(points)
        if self._hover is not None and (grid is not before[0] or points is not before[1]):
            self._look(self._hover)

    def restyle(self, theme: Theme) -> None:
        self.empty.setFont(theme.fonts.ui)
        self.empty.setStyleSheet(f"color: {theme.css('text-muted')}")
        self._column.setContentsMargins(theme.space(1), theme.space(0.5), theme.space(1), theme.space(0.5))
        self._column.setSpacing(theme.space(0.5))
        if self._head is not None:
            self._head.restyle(theme)
        for chart in (self.plane_chart, self.line_chart):
            if chart is not None:
                chart.restyle(theme)
        if self.plane is not None:
            self._place_points()
            self._show_grid(self._seen[0])

    # ---------------------------------------------------------------- what is asked

    def _aim(self) -> None:
        """Look at other features, other data or another neuron."""
        if not self.ready:
            return
        workspace, data = self.workspace, self.workspace.data
        self.head.offer(workspace.document, data)
        output = next((each.id for each in workspace.document.of_kind("output")), "")
        self._subject, self._output = self.head.subject, output
        self._seen, self._a, self._predictions = (None, None), None, None
        self.head.scale.hide()
        why = self._why_not(data)
        self.head.setVisible(not why)
        self.head.foot.setVisible(not why)
        if why or data is None:
            self.plane = None
            self.empty.setText(why)
            self._stack.setCurrentWidget(self.empty)
            self.end()
            return
        axes, side = self.head.axes, side_for(workspace.parameters)
        old = self.plane
        if (
            old is None
            or old.data is not data
            or old.axes != axes
            or (len(axes) == 2 and old.sides[0] != side)
        ):
            self.plane = Plane.over(data, axes, side)
            self._set_up(self.plane)
        assert self.plane is not None
        layer = self._subject.layer or output
        workspace.link.watch(GRID, Outputs(self.plane.X, (layer,), ("a", "z")), EVERY)
        if number_of_classes(data):
            workspace.link.watch(POINTS, OnData((output,), ("a",), MOST_EXAMPLES), EVERY)
        else:
            workspace.link.unwatch(POINTS)

    def _why_not(self, data: Data | None) -> str:
        """Why there is no plane to look at; empty if there is one."""
        if data is None or not data.m or not data.n:
            return self.tr("There is no data yet: choose a data set in the inspector.")
        if data.symbols:
            return self.tr("This data is text: there is no plane between symbols.")
        if len(data.output_shape) > 1:
            return self.tr("The network gives many answers for one example here: no plane can show them.")
        if data.shape:
            return self.tr("The examples are images or sequences: two of their numbers make no plane.")
        try:
            layout = layout_of(self.workspace.document)
            wide = any(len(node.shape) > 1 for node in (*layout.inputs, layout.output))
            symbols = any(node.kind.symbolic for node in layout.active)
        except AxonError:
            return ""
        if wide or symbols:
            return self.tr("The network reads images, sequences or symbols: two numbers make no plane.")
        return ""

    def _set_up(self, plane: Plane) -> None:
        data = plane.data
        if len(plane.axes) == 2:
            chart = self._the_plane_chart()
            chart.set_plane(plane)
            chart.forget()
        else:
            line = self._the_line_chart()
            line.set_plane(plane, float(data.Y.min()), float(data.Y.max()))
        current = self.chart
        assert current is not None
        self._stack.setCurrentWidget(current)
        self._place_points()
        self._look(None)

    def _place_points(self) -> None:
        chart, plane = self.chart, self.plane
        if chart is None or plane is None or chart.points is None:
            return
        data, m = plane.data, min(plane.data.m, MOST_EXAMPLES)
        x, classes = data.X[plane.axes[0], :m], class_of(data)[:m]
        if len(plane.axes) == 2:
            y = data.X[plane.axes[1], :m]
        else:
            y = data.Y[0, :m] if data.task is not Task.CLASSES else np.ones(m)
        colours = None
        if data.task is Task.REGRESSION:
            low, high = float(data.Y.min()), float(data.Y.max())
            span = (high - low) or 1.0
            colours = [
                value_colour(self.workspace.theme, (float(each) - low) / span) for each in data.Y[0, :m]
            ]
        chart.points.set(x, y, classes, colours)
        chart.points.choose(self.workspace.example)
        if self._predictions is not None:
            chart.points.judge(~correct(self._predictions, data))

    def _the_plane_chart(self) -> PlaneChart:
        if self.plane_chart is None:
            from gui.panels.charts.plane_chart import PlaneChart

            self.plane_chart = PlaneChart(self.workspace.theme)
            self._listen_to(self.plane_chart)
        return self.plane_chart

    def _the_line_chart(self) -> LineChart:
        if self.line_chart is None:
            from gui.panels.charts.line_chart import LineChart

            self.line_chart = LineChart(self.workspace.theme)
            self._listen_to(self.line_chart)
        return self.line_chart

    def _listen_to(self, chart: PlaneChart | LineChart) -> None:
        chart.hovered.connect(self._look)
        chart.clicked.connect(self._choose)
        self._stack.addWidget(chart)

    # ---------------------------------------------------------------- what is shown

    def _show_grid(self, answer: object) -> None:
        plane, chart = self.plane, self.chart
        layer = self._subject.layer or self._output
        a = answer.get((layer, "a")) if isinstance(answer, dict) else None
        if plane is None or chart is None:
            return
        if a is None or a.ndim != 2 or a.shape[-1] != plane.X.shape[1] or self._subject.unit >= len(a):
            self._a = None
            chart.forget()
            return
        z = answer.get((layer, "z")) if isinstance(answer, dict) else None
        if not self._subject.is_prediction:
            unit = slice(self._subject.unit, self._subject.unit + 1)
            a, z = a[unit], None if z is None else z[unit]
        self._a = a
        if len(plane.axes) == 1:
            assert self.line_chart is not None
            several = plane.data.task is Task.CLASSES and self._subject.is_prediction
            name = "a" if self._subject.is_prediction else self.head.what.currentText()
            self.line_chart.show_curves(a, several, name)
        else:
            self._paint(plane, plane.grid(a), None if z is None else plane.grid(z))

    def _paint(self, plane: Plane, a: Array, z: Array | None) -> None:
        from gui.panels.charts import plane_colours

        chart, data, theme = self._the_plane_chart(), plane.data, self.workspace.theme
        low, high = float(data.Y.min()), float(data.Y.max())
        if not self._subject.is_prediction:
            bottom, top = (float(np.nanmin(a)), float(np.nanmax(a))) if a.size else (0.0, 1.0)
            bottom, top = (0.0 if 0 <= bottom else min(bottom, -1.0)), max(top, 1.0)
            self.head.scale.show_range(bottom, top)
            chart.show_picture(plane_colours.of_values(a[0], bottom, top, theme))
            chart.show_lines([(z[0], 0.0)] if z is not None else [], "active")
        elif data.task is Task.CLASSES:
            chart.show_picture(plane_colours.of_shares(a, theme))
            chart.show_lines([(a[k] - np.delete(a, k, axis=0).max(axis=0), 0.0) for k in range(len(a))])
        elif data.task is Task.BINARY:
            chart.show_picture(plane_colours.of_two(a[0], low, high, theme))
            chart.show_lines([(a[0], middle(data))])
        else:
            self.head.scale.show_range(low, high)
            chart.show_picture(plane_colours.of_values(a[0], low, high, theme))
            chart.show_lines([])

    def _show_wrong(self, answer: object) -> None:
        a = answer.get((self._output, "a")) if isinstance(answer, dict) else None
        chart, plane = self.chart, self.plane
        self._predictions = a
        if chart is None or plane is None or chart.points is None:
            return
        right = np.ones(0, bool)
        if a is not None and a.ndim == 2 and len(a) == plane.data.output_shape[0]:
            right = correct(a, plane.data)
        chart.points.judge(~right)
        if self._hover is None:
            self._look(None)

    # ---------------------------------------------------------------- the mouse

    def _look(self, point: QPointF | None) -> None:
        """Say what is under the mouse: a data point with its target and prediction, or the plane."""
        self._hover = point
        plane, chart = self.plane, self.chart
        self.head.give_room(point is not None)
        if point is None or plane is None or chart is None or chart.points is None:
            self.head.reading.show_parts(self._resting())
            return
        near = chart.points.near(point.x(), point.y())
        self.head.reading.show_parts(
            self._of_place(plane, point) if near is None else self._of_point(plane, near)
        )

    def _resting(self) -> list[str]:
        """What stands below the chart while the mouse is elsewhere."""
        plane, chart = self.plane, self.chart
        parts: list[str] = []
        if plane is None or chart is None or chart.points is None:
            return parts
        data = plane.data
        if self._predictions is not None:
            wrong = chart.points.wrong
            text = self.tr("{0} of {1} wrong (ringed)") if wrong else self.tr("{0} of {1} wrong")
            parts.append(text.format(wrong, min(data.m, MOST_EXAMPLES)))
        if data.m > MOST_EXAMPLES:
            parts.append(self.tr("the first {0} of {1} examples").format(MOST_EXAMPLES, data.m))
        if plane.held:
            parts.append(self.tr("others at their mean"))
            parts += plane.held
        return parts

    def _of_point(self, plane: Plane, example: int) -> list[str]:
        """Target and prediction before the place, which can be read from the axes."""
        data = plane.data
        parts = [f"x({example + 1})"]
        if data.task is Task.REGRESSION:
            shown = ", ".join(format_number(each, 3) for each in data.Y[:, example])
        else:
            shown = data.classes[int(class_of(data)[example])] if data.classes else ""
        parts.append(self.tr("target y {0}").format(shown))
        if self._predictions is not None and example < self._predictions.shape[1]:
            a = self._predictions[:, example]
            if len(a) > 1 and len(data.classes) == len(a):
                best = int(a.argmax())
                told = f"{data.classes[best]} ({format_number(a[best], 3)})"
            else:
                told = format_number(a[0], 3)
            parts.append(self.tr("prediction a {0}").format(told))
        parts += [f"{data.features[axis]} {format_number(data.X[axis, example], 3)}" for axis in plane.axes]
        return parts

    def _of_place(self, plane: Plane, point: QPointF) -> list[str]:
        where = (point.x(), point.y())
        parts = [
            f"{plane.data.features[axis]} {format_number(at, 3)}"
            for axis, at in zip(plane.axes, where, strict=False)
        ]
        cells = [
            int((at - low) / size)
            for at, (low, _), size in zip(where, plane.ranges, plane.cell, strict=False)
        ]
        inside = all(0 <= cell < side for cell, side in zip(cells, plane.sides, strict=True))
        if self._a is not None and inside:
            column = cells[0] if len(cells) == 1 else cells[1] * plane.sides[0] + cells[0]
            values = ", ".join(format_number(each, 3) for each in self._a[:6, column])
            parts.append(f"a {values}")
        return parts

    def _choose(self, x: float, y: float) -> None:
        chart = self.chart
        near = chart.points.near(x, y) if chart is not None and chart.points is not None else None
        if near is not None:
            self.workspace.choose_example(near)
