"""Decisions of a classifier: confusion matrix, ROC, calibration, and the examples it gets wrong."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.problems import AxonError
from engine.decisions import Decisions, decisions
from engine.session import Snapshot
from engine.session.probes import OnData
from gui.laid_out import layout_of
from gui.pacing import Pacing
from gui.panels.chart_panel import ChartPanel
from gui.panels.error_list import ErrorList
from gui.panels.judging import how_many
from gui.panels.matrix_view import MatrixView
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.widgets.switch import switch_style
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.judged_charts import CalibrationChart, RocChart

PROBE = "decisions"
EVERY = 0.25
"""Seconds between two answers while training runs."""


class DecisionsPanel(ChartPanel):
    """Beside the matrix stand the mistakes, the surest first; a cell shows its examples instead."""

    name = "decisions"
    title = "Decisions"
    icon = "grid-3x3"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 44
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.found: Decisions | None = None
        self.roc: RocChart | None = None
        self.calibration: CalibrationChart | None = None
        self._output: str | None = None
        self._pacing = Pacing(EVERY)
        self.verdict = QLabel()
        self.verdict.setAccessibleName(self.tr("Result"))
        self.matrix = MatrixView(workspace.theme)
        self.matrix.chosen.connect(lambda _: self._list())
        self.list = ErrorList(workspace.theme)
        self.list.picked.connect(workspace.choose_example)
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        self._switch = QButtonGroup(self)
        self.buttons = {
            "matrix": self._button(self.tr("Matrix"), self.tr("Which class is taken for which")),
            "roc": self._button(self.tr("ROC"), self.tr("True over false positives, for every threshold")),
            "calibration": self._button(self.tr("Calibration"), self.tr("How right it is where it is sure")),
        }
        self.buttons["matrix"].setChecked(True)
        self._head = QHBoxLayout()
        self._head.addWidget(self.verdict, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        for button in self.buttons.values():
            row.addWidget(button)
        self._head.addLayout(row)
        self.figure = QStackedLayout()
        self.figure.addWidget(self.matrix)
        self.shown = QWidget()
        self._both = QHBoxLayout(self.shown)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addLayout(self.figure, 3)
        self._both.addWidget(self.list, 2)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.shown)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._stack, 1)
        self.restyle(workspace.theme)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self._draw)
        self._switch.addButton(button)
        return button

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._pacing.again()
        self.refresh_state()

    def end(self) -> None:
        self._watch(None)

    def refresh_state(self) -> None:
        output = next(self.workspace.document.of_kind("output"), None)
        self._watch(output.id if output is not None else None)

    def refresh(self, snapshot: Snapshot) -> None:
        answers, data = snapshot.answers.get(PROBE), snapshot.data
        if not self.ready or data is None or not self._pacing.due(snapshot):
            return
        a = answers.get((self._output, "a")) if isinstance(answers, dict) else None
        self.found = decisions(np.asarray(a, np.float64), data) if a is not None else None
        self._draw()

    def restyle(self, theme: Theme) -> None:
        for label in (self.verdict, self.empty):
            label.setFont(theme.fonts.ui)
        self.empty.setStyleSheet(f"color: {theme.css('text-muted')}")
        for button in self.buttons.values():
            button.setFont(theme.fonts.ui)
            button.setStyleSheet(switch_style(theme))
        self._column.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        self._column.setSpacing(theme.space(0.5))
        self._both.setSpacing(theme.space())
        self.matrix.set_theme(theme)
        self.list.set_theme(theme)
        for chart in (self.roc, self.calibration):
            if chart is not None:
                chart.restyle(theme)

    def _watch(self, output: str | None) -> None:
        if output == self._output:
            return
        self._output = output
        if output is None:
            self.workspace.link.unwatch(PROBE)
            return
        try:
            many = how_many(layout_of(self.workspace.document))
        except AxonError:
            many = 0
        self.workspace.link.watch(PROBE, OnData((output,), ("a",), many or 1), EVERY)

    # ---------------------------------------------------------------- drawing

    def _draw(self, *_: object) -> None:
        found = self.found
        if found is None:
            self.verdict.clear()
            self.empty.setText(self.tr("These data have no classes: there is nothing to decide."))
            self._stack.setCurrentWidget(self.empty)
            return
        self._stack.setCurrentWidget(self.shown)
        if self.buttons["roc"].isChecked():
            roc = self._roc()
            roc.show_decisions(found)
            self.figure.setCurrentWidget(roc)
        elif self.buttons["calibration"].isChecked():
            chart, calibration = self._calibration(), found.calibration
            if calibration is not None:
                chart.show_calibration(calibration)
            self.figure.setCurrentWidget(chart)
        else:
            self.figure.setCurrentWidget(self.matrix)
        self.matrix.show_counts(found.classes, found.counts)
        self.verdict.setText(self._verdict(found))
        self._list()

    def _verdict(self, found: Decisions) -> str:
        if self.buttons["roc"].isChecked():
            areas = [each for each in found.areas if math.isfinite(each)]
            if not areas:
                return self.tr("No curve: there must be examples of more than one class.")
            mean = format_number(sum(areas) / len(areas), 3)
            return self.tr("Area under the curve {0}; 0.5 is chance.").format(mean)
        if self.buttons["calibration"].isChecked():
            calibration = found.calibration
            if calibration is None:
                return self.tr("These outputs are no shares: a sigmoid or a softmax would make them so.")
            error = format_number(calibration.error, 3)
            return self.tr("On average sureness and share of right answers are {0} apart.").format(error)
        share = format_number(100 * found.right / len(found.true), 3, chosen=False)
        return self.tr("{0} of {1} right ({2} %)").format(found.right, len(found.true), share)

    def _list(self) -> None:
        data = self.workspace.data
        if self.found is not None and data is not None:
            numbers = self.found.mistakes(*(self.matrix.cell or ()))
            self.list.show_examples(numbers, self.found, data)

    def _roc(self) -> RocChart:
        if self.roc is None:
            from gui.panels.charts.judged_charts import RocChart

            self.roc = RocChart(self.workspace.theme)
            self.figure.addWidget(self.roc)
        return self.roc

    def _calibration(self) -> CalibrationChart:
        if self.calibration is None:
            from gui.panels.charts.judged_charts import CalibrationChart

            self.calibration = CalibrationChart(self.workspace.theme)
            self.figure.addWidget(self.calibration)
        return self.calibration

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(480), theme.px(280))
