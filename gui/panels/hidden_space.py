"""The hidden space: where a layer puts the examples, and how it bends the plane of the inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.layout import Node
from engine.session import Snapshot
from engine.session.probes import OnData, Outputs
from engine.session.surfaces import has_plane, range_of
from gui.laid_out import layout_of
from gui.panels.chart_panel import ChartPanel
from gui.panels.judging import MOST_EXAMPLES, class_of
from gui.theme import Theme
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.hidden_chart import HiddenChart

POINTS, GRID = "hidden.points", "hidden.grid"
"""Names of the probes."""
EVERY = 0.1
LINES, ALONG = 11, 31
"""The grid of inputs: so many lines each way, with so many points."""


class HiddenSpacePanel(ChartPanel):
    """Two chosen units of a hidden layer are the axes. A click on a point looks at that example.

    Where the layer has just these two units and one unit follows, the line is drawn at which that unit
    changes its mind: what could not be parted by a line in the inputs often can be here.
    """

    name = "hidden-space"
    title = "Hidden space"
    icon = "spline"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 22
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: HiddenChart | None = None
        self._offered: object = None
        self._aimed: object = None
        self.layer = self._combo(self.tr("Hidden layer"), self._layer_chosen)
        self.across = self._combo(self.tr("Unit along the horizontal axis"), self._axes_chosen)
        self.up = self._combo(self.tr("Unit along the vertical axis"), self._axes_chosen)
        self.empty = QLabel(
            self.tr("A hidden layer with two units or more shows here where it puts the examples.")
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        self._head = QHBoxLayout()
        for combo in (self.layer, self.across, self.up):
            self._head.addWidget(combo)
        self._head.addStretch(1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._stack, 1)
        self.restyle(workspace.theme)

    def _combo(self, name: str, then: Callable[..., None]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.activated.connect(then)
        return combo

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._aimed = None
        self.refresh_state()

    def end(self) -> None:
        self._aim(None)

    def refresh_state(self) -> None:
        if not self.ready:
            return
        self._offer()
        if self.chart is not None and self.chart.points is not None:
            self.chart.points.choose(self.workspace.example)

    def refresh(self, snapshot: Snapshot) -> None:
        if not self.ready or snapshot.data is None:
            return
        if self._aimed is None:
            self._offer()
        answers, node = snapshot.answers.get(POINTS), self._node()
        found = answers.get((node.layer.id, "a")) if isinstance(answers, dict) and node is not None else None
        if node is None or found is None:
            return
        chart, (i, j) = self._chart(), self._axes()
        self._stack.setCurrentWidget(chart)
        if i < len(found) and j < len(found) and found.shape[1] <= snapshot.data.m:
            chart.show_spots(found[i], found[j], class_of(snapshot.data)[: found.shape[1]])
            if chart.points is not None:
                chart.points.choose(self.workspace.example)
        grid = snapshot.answers.get(GRID)
        lines = grid.get((node.layer.id, "a")) if isinstance(grid, dict) else None
        if lines is not None and max(i, j) < len(lines):
            chart.show_grid(_with_gaps(lines[i]), _with_gaps(lines[j]))
        self._draw_line(node, snapshot)

    def restyle(self, theme: Theme) -> None:
        for each in (self.layer, self.across, self.up, self.empty):
            each.setFont(theme.fonts.ui)
        self.empty.setStyleSheet(f"color: {theme.css('text-muted')}")
        self._column.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        self._column.setSpacing(theme.space(0.5))
        if self.chart is not None:
            self.chart.restyle(theme)

    # ---------------------------------------------------------------- choices

    def _nodes(self) -> list[Node]:
        """The hidden layers that can be shown: vectors of at least two units."""
        try:
            layout = layout_of(self.workspace.document)
        except AxonError:
            return []
        return [
            node
            for node in layout.active
            if node.number and len(node.shape) == 1 and node.shape[0] >= 2 and node is not layout.output
        ]

    def _node(self) -> Node | None:
        return next((node for node in self._nodes() if node.layer.id == self.layer.currentData()), None)

    def _axes(self) -> tuple[int, int]:
        return max(0, self.across.currentIndex()), max(0, self.up.currentIndex())

    def _offer(self) -> None:
        """The layers and units there are now; what was chosen stays where it can."""
        nodes = self._nodes()
        offered = tuple((node.layer.id, node.layer.name, node.label, node.shape) for node in nodes)
        if offered != self._offered:
            self._offered = offered
            chosen = self.layer.currentData()
            self.layer.clear()
            for node in nodes:
                self.layer.addItem(f"{node.layer.name or node.kind.title} {node.label}", node.layer.id)
            self.layer.setCurrentIndex(max(0, self.layer.findData(chosen)) if nodes else -1)
            self._fill_axes()
        for combo in (self.layer, self.across, self.up):
            combo.setVisible(bool(nodes))
        if not nodes:
            self._stack.setCurrentWidget(self.empty)
        self._aim(self._node())

    def _fill_axes(self) -> None:
        node = self._node()
        count = node.shape[0] if node is not None else 0
        for place, combo in enumerate((self.across, self.up)):
            here = combo.currentIndex()
            combo.clear()
            combo.addItems([f"a{node.label}_{unit + 1}" for unit in range(count)] if node is not None else [])
            combo.setCurrentIndex(here if 0 <= here < count else min(place, count - 1))

    def _layer_chosen(self, *_: object) -> None:
        self._fill_axes()
        self._axes_chosen()
        self._aim(self._node())

    def _axes_chosen(self, *_: object) -> None:
        if self.chart is not None:
            self.chart.begin_anew()
            self._name_axes()
        self.refresh(self.workspace.snapshot)

    def _aim(self, node: Node | None) -> None:
        """Ask for the activations of that layer, on the data and on a grid of the inputs."""
        link, data = self.workspace.link, self.workspace.data
        if node is None or data is None:
            if self._aimed is not None:
                link.unwatch(POINTS)
                link.unwatch(GRID)
            self._aimed = None
            return
        aimed = (node.layer.id, id(data), self.workspace.link.version)
        if aimed == self._aimed:
            return
        self._aimed = aimed
        link.watch(POINTS, OnData((node.layer.id,), ("a",), MOST_EXAMPLES), EVERY)
        shapes = tuple(each.shape for each in layout_of(self.workspace.document).inputs)
        if has_plane(data, shapes) and data.n == 2:
            ranges = tuple(range_of(row) for row in data.X)
            link.watch(GRID, Outputs(_grid(ranges), (node.layer.id,)), EVERY)
        else:
            link.unwatch(GRID)
            if self.chart is not None:
                self.chart.show_grid(np.zeros(0), np.zeros(0))
        if self.chart is not None:
            self._name_axes()

    # ---------------------------------------------------------------- drawing

    def _chart(self) -> HiddenChart:
        if self.chart is None:
            from gui.panels.charts.hidden_chart import HiddenChart

            self.chart = HiddenChart(self.workspace.theme)
            self.chart.clicked.connect(self._click)
            self._stack.addWidget(self.chart)
            self._name_axes()
        return self.chart

    def _name_axes(self) -> None:
        if self.chart is not None:
            self.chart.label("bottom", self.across.currentText())
            self.chart.label("up", self.up.currentText())

    def _draw_line(self, node: Node, snapshot: Snapshot) -> None:
        """Where the one unit that follows parts its two classes, if there is such a one."""
        chart, id = self._chart(), node.layer.id
        wires = self.workspace.document.outgoing(id)
        after = wires[0].target if len(wires) == 1 else ""
        W, b = snapshot.parameters.get(f"{after}.W.{id}"), snapshot.parameters.get(f"{after}.b")
        alone = len(self.workspace.document.incoming(after)) == 1 if after else False
        if W is None or W.shape != (1, 2) or not alone or self._axes() not in {(0, 1), (1, 0)}:
            chart.show_line(None)
            return
        i, j = self._axes()
        chart.show_line((float(W[0, i]), float(W[0, j])), 0.0 if b is None else float(b[0, 0]))

    def _click(self, x: float, y: float) -> None:
        assert self.chart is not None and self.chart.points is not None
        found = self.chart.points.near(x, y)
        if found is not None:
            self.workspace.choose_example(found)

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(340), theme.px(280))


def _grid(ranges: tuple[tuple[float, float], ...]) -> Array:
    """The inputs along the lines of a grid, line after line: first the level ones, then the upright ones."""
    (left, right), (bottom, top) = ranges
    along_x, along_y = np.linspace(left, right, ALONG), np.linspace(bottom, top, ALONG)
    lines = [np.stack([along_x, np.full(ALONG, y)]) for y in np.linspace(bottom, top, LINES)]
    lines += [np.stack([np.full(ALONG, x), along_y]) for x in np.linspace(left, right, LINES)]
    return np.concatenate(lines, axis=1)


def _with_gaps(row: Array) -> Array:
    """The points of the lines, with a nan after each line."""
    lines = row.reshape(-1, ALONG)
    return np.concatenate([lines, np.full((len(lines), 1), np.nan)], axis=1).ravel()
