"""The loss panel: J of every update, the accuracy, and going back by a click."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.problems import AxonError
from engine.datasets.base import Task
from engine.session import Snapshot
from engine.session.probes import OnData
from gui.explaining import MEAN_LOSS, Asked
from gui.explains import Explains
from gui.icons import icon
from gui.laid_out import layout_of
from gui.pacing import Pacing
from gui.panels.chart_panel import ChartPanel
from gui.panels.judging import MOST_EXAMPLES, correct, how_many
from gui.run_menu import open_run_menu
from gui.theme import Theme
from gui.widgets.number_label import show_number
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.loss_chart import LossChart

PREDICTIONS = "loss.predictions"
"""Name of the probe for the accuracy."""


class LossPanel(ChartPanel):
    """J over the updates, the other runs beside it.

    A click seeks, or goes to the run whose line it hits; what was learned after it stays drawn, faintly.
    """

    name = "loss"
    title = "Loss"
    icon = "chart-line"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 10

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: LossChart | None = None
        self._pacing = Pacing(1 / 20)
        self._watched: str | None = None
        self._many = 0
        """The examples by which the network is judged."""
        self._looked_at: int | None = None
        self.value = QLabel()
        self.value.setAccessibleName(self.tr("Present loss J"))
        Explains(self.value, workspace, self._asked)
        self.accuracy = QLabel()
        self.accuracy.setAccessibleName(self.tr("Accuracy"))
        self.reading = QLabel()
        self.reading.setAccessibleName(self.tr("Loss under the mouse"))
        self.log = QCheckBox(self.tr("Log scale"))
        self.log.setAccessibleName(self.tr("Logarithmic scale"))
        self.log.setToolTip(self.tr("Show J by its powers of ten: small improvements stay visible."))
        self.log.toggled.connect(self._set_log)
        self.runs = QToolButton()
        self.runs.setAccessibleName(self.tr("Runs"))
        self.runs.setToolTip(self.tr("The present run: choose another one, or branch off here"))
        self.runs.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.runs.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.runs.setMenu(QMenu(self.runs))
        self.runs.menu().aboutToShow.connect(self._fill_runs)
        self.empty = QLabel(self.tr("Press Space to train: J of every update is drawn here."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._head = QHBoxLayout()
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._head.addWidget(self.value)
        self._head.addWidget(self.accuracy)
        self._head.addWidget(self.reading, 1)
        self._head.addWidget(self.runs)
        self._head.addWidget(self.log)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._stack, 1)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._pacing.again()

    def end(self) -> None:
        self._watch(None)

    def refresh_state(self) -> None:
        data = self.workspace.data
        output = next(self.workspace.document.of_kind("output"), None)
        classifies = data is not None and data.task is not Task.REGRESSION
        self._watch(output.id if output is not None and classifies else None)
        self._pacing.again()

    def refresh(self, snapshot: Snapshot) -> None:
        if not self.ready or not self._pacing.due(snapshot):
            return
        if self._watched is None and snapshot.data is not None:
            self.refresh_state()
        curve = self.workspace.curve
        if not len(curve) and not self.workspace.branches.others:
            self._stack.setCurrentWidget(self.empty)
            self.value.clear()
            self.accuracy.clear()
            self.reading.clear()
            self.runs.setVisible(len(self.workspace.branches.shown) > 1)
            return
        chart = self._chart()
        self._stack.setCurrentWidget(chart)
        batches = snapshot.position.batches if snapshot.position is not None else 1
        chart.show_curve(curve, snapshot.step, batches)
        self._show_runs(chart)
        here = chart.value(min(snapshot.step, curve.end - 1)) if len(curve) else None
        show_number(self.value, here, "J = ", empty="")
        self._show_accuracy(snapshot)
        self._show_reading()

    def restyle(self, theme: Theme) -> None:
        large = QFont(theme.fonts.strong)
        large.setPointSizeF(1.35 * theme.fonts.ui.pointSizeF())
        self.value.setFont(large)
        self.accuracy.setFont(theme.fonts.ui)
        self.runs.setFont(theme.fonts.ui)
        self.runs.setIcon(icon("git-branch", theme))
        self.runs.setIconSize(QSize(theme.px(16), theme.px(16)))
        self.reading.setFont(theme.fonts.small)
        self.empty.setFont(theme.fonts.ui)
        muted = f"color: {theme.css('text-muted')}"
        for label in (self.empty, self.reading):
            label.setStyleSheet(muted)
        self._head.setSpacing(theme.space(2))
        self._column.setContentsMargins(theme.space(1), theme.space(0.5), theme.space(1), theme.space(0.5))
        self._column.setSpacing(theme.space(0.5))
        if self.chart is not None:
            self.chart.restyle(theme)
        self._pacing.again()

    # ---------------------------------------------------------------- inside

    def _chart(self) -> LossChart:
        if self.chart is None:
            from gui.panels.charts.loss_chart import LossChart

            self.chart = LossChart(self.workspace.theme)
            self.chart.looked_at.connect(self._look)
            self.chart.setToolTip(
                self.tr("Click: back to that update. Alt and a click: where its J comes from.")
            )
            self.chart.sought.connect(self._seek)
            self.chart.run_sought.connect(self.workspace.branches.go)
            self.chart.asked.connect(
                lambda run, update, place: open_run_menu(self.workspace, self, place, update, run)
            )
            self.chart.set_log(self.log.isChecked())
            self._stack.addWidget(self.chart)
        return self.chart

    def _show_runs(self, chart: LossChart) -> None:
        """The other runs' lines, and the button that names the present one."""
        from gui.panels.charts.run_lines import RunLine

        branches = self.workspace.branches
        present, runs = branches.present, branches.runs
        if present is None:
            return
        lines = [
            RunLine(each.number, each.name, each.curve, runs.parting(present.number, each.number))
            for each in branches.others
        ]
        chart.show_others(present.name, lines)
        self.runs.setVisible(bool(lines))
        self.runs.setText(present.name)

    def _fill_runs(self) -> None:
        """The menu of the button, as the runs are now."""
        menu, branches, theme = self.runs.menu(), self.workspace.branches, self.workspace.theme
        menu.clear()
        for each in branches.shown:
            text = f"{each.name}: {each.change}" if each.change else each.name
            action = menu.addAction(text.replace("&", "&&"), partial(branches.visit, each.number))
            action.setCheckable(True)
            action.setChecked(each is branches.present)
        menu.addSeparator()
        branch = menu.addAction(icon("git-branch", theme), self.tr("Branch from here"), branches.branch)
        branch.setEnabled(branches.possible)
        menu.addAction(icon("list", theme), self.tr("All runs"), partial(self.workspace.wanted.emit, "runs"))

    def _watch(self, output: str | None) -> None:
        many = self._judged_by() if output is not None else 0
        if (output, many) == (self._watched, self._many):
            return
        self._watched, self._many = output, many
        if output is None:
            self.workspace.link.unwatch(PREDICTIONS)
        else:
            self.workspace.link.watch(PREDICTIONS, OnData((output,), ("a",), many), 0.2)

    def _judged_by(self) -> int:
        try:
            return how_many(layout_of(self.workspace.document))
        except AxonError:
            return MOST_EXAMPLES

    def _show_accuracy(self, snapshot: Snapshot) -> None:
        answer = snapshot.answers.get(PREDICTIONS)
        a = answer.get((self._watched, "a")) if isinstance(answer, dict) else None
        right = (
            correct(a, snapshot.data) if a is not None and snapshot.data is not None else np.zeros(0, bool)
        )
        m = len(right)
        if not m:
            self.accuracy.clear()
            return
        number = int(right.sum())
        if m <= 20:
            self.accuracy.setText(self.tr("{0} of {1} right").format(number, m))
        else:
            self.accuracy.setText(
                self.tr("{0} % right").format(format_number(100 * number / m, 3, chosen=False))
            )

    def _set_log(self, log: bool) -> None:
        if self.chart is not None:
            self.chart.set_log(log)
            self._pacing.again()
            self.refresh(self.workspace.snapshot)

    def asked_number(self) -> Asked | None:
        """J of the update under the mouse, for the key E."""
        return None if self._looked_at is None else Asked(MEAN_LOSS, self._looked_at)

    def _asked(self) -> Asked | None:
        """J as it is written above the curve."""
        curve = self.workspace.curve
        return Asked(MEAN_LOSS, min(self.workspace.snapshot.step, curve.end - 1)) if len(curve) else None

    def _seek(self, update: int) -> None:
        curve = self.workspace.curve
        if self.chart is not None and self.chart.asks and len(curve):
            self.workspace.explain(MEAN_LOSS, max(curve.start, min(update, curve.end - 1)))
        else:
            self.workspace.training.seek_on_curve(update)

    def _look(self, update: int | None) -> None:
        self._looked_at = update
        self._show_reading()

    def _show_reading(self) -> None:
        update, chart = self._looked_at, self.chart
        value = chart.value(update) if chart is not None and update is not None else None
        if value is None or update is None:
            self.reading.clear()
            self.accuracy.show()
            return
        self.accuracy.hide()
        position = self.workspace.snapshot.position
        if position is not None and position.batches > 1:
            epoch = update // position.batches + 1
            text = self.tr("update {0} · epoch {1} · J = {2}")
            self.reading.setText(text.format(update, epoch, format_number(value)))
        else:
            self.reading.setText(self.tr("update {0} · J = {1}").format(update, format_number(value)))
