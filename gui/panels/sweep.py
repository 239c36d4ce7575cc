"""A sweep: the same training again and again, over seeds or over one knob, with a count of successes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.core.problems import AxonError
from engine.datasets.base import Task
from engine.learned import fresh
from engine.session.sweeping import Sweeping, Swept
from engine.sweep import BATCH, SEED, UNITS, Goal, Sweep, SweepRun, choices, varied
from gui.panels.chart_panel import ChartPanel
from gui.panels.sweep_values import parse_values
from gui.theme import Theme
from gui.widgets.number_edit import NumberEdit
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.sweep_chart import SweepChart

SUGGESTED = {SEED: "1-200", BATCH: "1 2 4 8", UNITS: "1 2 3 4 5 6 8"}
"""Values to begin with, by the knob or its beginning; else the usual steps of a learning rate."""
RATES = "0.01 0.03 0.1 0.3 1 3"


class SweepPanel(ChartPanel):
    """The runs begin from fresh weights, apart from the network that is looked at, which stands still.

    A click on a curve takes that run's choice over: training then goes the same way, bit for bit.
    """

    name = "sweep"
    title = "Sweep"
    icon = "repeat"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 45
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: SweepChart | None = None
        self.sweep: Sweep | None = None
        self.swept = Swept()
        self._knob, self._of = SEED, workspace.document
        self._offered: object = None
        self.which = QComboBox()
        self.which.setAccessibleName(self.tr("What differs from run to run"))
        self.which.activated.connect(self._suggest)
        self.values = QLineEdit(SUGGESTED[SEED])
        self.values.setAccessibleName(self.tr("Values"))
        self.values.setToolTip(self.tr("A range such as 1-200, or values with blanks between them"))
        self.values.returnPressed.connect(self.start)
        self.updates = NumberEdit(
            2000, minimum=1, maximum=1_000_000, step=100, name=self.tr("Updates of a run")
        )
        self.measure = QComboBox()
        self.measure.setAccessibleName(self.tr("What counts as success"))
        self.measure.addItem(self.tr("all right"), "accuracy")
        self.measure.addItem(self.tr("J at most"), "J")
        self.measure.currentIndexChanged.connect(lambda _: self._show_bound())
        self.bound = NumberEdit(0.1, minimum=0.0, name=self.tr("Bound of J"))
        self.button = QPushButton(self.tr("Run"))
        self.button.clicked.connect(self._start_or_stop)
        self.log = QCheckBox(self.tr("Log scale"))
        self.log.toggled.connect(lambda on: self._chart().set_log(on))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the sweep"))
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName(self.tr("Result of the sweep"))
        self.empty = QLabel(
            self.tr("Run trains this network again and again from fresh weights and counts the successes.")
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        self._form = QFormLayout()
        goal = QHBoxLayout()
        goal.setSpacing(4)
        goal.addWidget(self.measure)
        goal.addWidget(self.bound, 1)
        self._form.addRow(self.tr("Vary"), self.which)
        self._form.addRow(self.tr("Values"), self.values)
        self._form.addRow(self.tr("Updates"), self.updates)
        self._form.addRow(self.tr("Success"), goal)
        self._left = QVBoxLayout()
        self._left.addLayout(self._form)
        self._left.addWidget(self.button)
        self._left.addWidget(self.progress)
        self._left.addStretch(1)
        self._figure = QStackedLayout()
        self._figure.addWidget(self.empty)
        self._right = QVBoxLayout()
        head = QHBoxLayout()
        head.addWidget(self.verdict, 1)
        head.addWidget(self.log)
        self._right.addLayout(head)
        self._right.addLayout(self._figure, 1)
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._left)
        self._row.addLayout(self._right, 1)
        self._show_bound()
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def end(self) -> None:
        self.stop()

    def refresh_state(self) -> None:
        document = self.workspace.document
        try:
            offered = choices(document)
        except AxonError:
            offered = ()
        if offered != self._offered:
            self._offered, chosen = offered, self.which.currentData()
            self.which.clear()
            for each in offered:
                self.which.addItem(each.title, each.name)
            self.which.setCurrentIndex(max(0, self.which.findData(chosen)))
            if self.which.currentData() != chosen and chosen is not None:
                self._suggest()
        data = self.workspace.data
        if data is not None and data.task is Task.REGRESSION and self.measure.currentData() == "accuracy":
            self.measure.setCurrentIndex(1)
        if self.workspace.training.running:
            self.stop()

    def restyle(self, theme: Theme) -> None:
        widgets = (
            self.which, self.values, self.updates, self.measure, self.bound, self.button, self.log,
            self.verdict, self.empty,
        )  # fmt: skip
        for each in widgets:
            each.setFont(theme.fonts.ui)
        self.empty.setStyleSheet(f"color: {theme.css('text-muted')}")
        for label in self.findChildren(QLabel):
            label.setFont(theme.fonts.ui)
        self.values.setMaximumWidth(theme.px(180))
        self.progress.setFixedHeight(theme.px(8))
        self._row.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        self._row.setSpacing(theme.space(1.5))
        if self.chart is not None:
            self.chart.restyle(theme)

    def _suggest(self, *_: object) -> None:
        """Values that are usual for what is varied."""
        name = str(self.which.currentData())
        known = next((text for begin, text in SUGGESTED.items() if name.startswith(begin)), RATES)
        self.values.setText(known)

    def _show_bound(self) -> None:
        self.bound.setVisible(self.measure.currentData() == "J")

    # ---------------------------------------------------------------- running

    @property
    def running(self) -> bool:
        """Whether runs are being trained."""
        return self.sweep is not None

    def start(self) -> None:
        """Train all runs; what does not fit becomes a sentence."""
        if not all(field.commit() for field in (self.updates, self.bound)):
            return
        workspace = self.workspace
        name = str(self.which.currentData())
        whole = next((each.whole for each in choices(workspace.document) if each.name == name), True)
        try:
            values = parse_values(self.values.text(), whole)
            goal = Goal(str(self.measure.currentData()), self._bound)
            sweep = Sweep(workspace.document, name, values, int(self.updates.value()), goal)
        except (ValueError, AxonError) as error:
            self.verdict.setText(str(error))
            return
        workspace.training.pause()
        self._knob, self._of = name, workspace.document
        self.swept, self.sweep = Swept(), sweep
        self.button.setText(self.tr("Stop"))
        self._ask(sweep)

    @property
    def _bound(self) -> float:
        return float(self.bound.value()) if self.measure.currentData() == "J" else 1.0

    def stop(self) -> None:
        """No more runs; those that are over stay."""
        if self.sweep is not None:
            self.sweep = None
            self.button.setText(self.tr("Run"))
            self._draw()

    def _start_or_stop(self) -> None:
        if self.running:
            self.stop()
        else:
            self.start()

    def _ask(self, sweep: Sweep) -> None:
        self.workspace.link.ask(Sweeping(sweep), lambda answer: self._answered(sweep, answer))

    def _answered(self, sweep: Sweep, answer: object) -> None:
        if sweep is not self.sweep or not isinstance(answer, Swept):
            return
        news = len(answer.runs) != len(self.swept.runs)
        self.swept = answer
        if answer.complete:
            self.stop()
            return
        self._ask(sweep)
        if news:
            self._draw()
        self.progress.setValue(round(100 * answer.done))

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        runs = self.swept.runs
        self.progress.setValue(round(100 * self.swept.done))
        if not runs or not self.ready:
            return
        chart = self._chart()
        self._figure.setCurrentWidget(chart)
        chart.show_runs(runs)
        self._tell(None)

    def _tell(self, number: int | None) -> None:
        """The run under the mouse, or the count."""
        runs = self.swept.runs
        if number is not None and number < len(runs):
            self.verdict.setText(self._said_of(runs[number]))
            return
        reached = sum(each.success for each in runs)
        said = self.tr("{0} of {1} runs reach the goal").format(reached, len(runs))
        failed = [each for each in runs if each.problem]
        if failed:
            said += self.tr("; {0} diverge").format(len(failed))
        self.verdict.setText(f"{said}.")

    def _said_of(self, run: SweepRun) -> str:
        value = f"{self.which.itemText(self.which.findData(self._knob))} {format_number(run.value)}"
        if run.problem:
            return f"{value}: {run.problem}"
        said = self.tr("{0}: J {1}").format(value, format_number(run.J))
        if run.accuracy is not None:
            said += self.tr(", {0} % right").format(format_number(100 * run.accuracy, 3))
        return self.tr("{0}. A click takes it over.").format(said)

    def _chart(self) -> SweepChart:
        if self.chart is None:
            from gui.panels.charts.sweep_chart import SweepChart

            self.chart = SweepChart(self.workspace.theme)
            self.chart.looked_at.connect(self._tell)
            self.chart.picked.connect(self._take)
            self._figure.addWidget(self.chart)
        return self.chart

    def _take(self, number: int) -> None:
        """Go on with the choice of a run, from its first weights."""
        workspace, runs = self.workspace, self.swept.runs
        if number >= len(runs) or workspace.document != self._of:
            workspace.say(self.tr("The network was changed since this sweep: run it again."))
            return
        value = runs[number].value
        try:
            document = varied(workspace.document, self._knob, value)
        except AxonError as error:
            workspace.say(str(error))
            return
        workspace.training.pause()
        workspace.editing.edit(
            self.tr("Take over a run of the sweep"), document, change=lambda made, _: fresh(made)
        )
        self._of = workspace.document
        text = self.which.itemText(self.which.findData(self._knob))
        workspace.say(
            self.tr("{0} {1}, with its first weights: Space trains it.").format(text, format_number(value))
        )

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(620), theme.px(240))
