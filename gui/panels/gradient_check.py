"""The gradient check: every weight of the network nudged, beside what the backward phase says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from engine.core.problems import AxonError
from engine.nudging import Compared
from engine.procedures import procedures
from engine.session import Snapshot
from engine.session.nudges import Check, Checked, Checking
from engine.symbols import Symbol, symbol_of
from gui.laid_out import layout_of
from gui.panels.chart_panel import ChartPanel
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.check_chart import CheckChart

MOST = 400
"""So many weights are compared at the most, evenly spread over the network."""


class GradientCheckPanel(ChartPanel):
    """Compares while training stands still, a slice at a time. A point under the mouse lights up its synapse;
    a click follows that weight."""

    name = "gradient-check"
    title = "Gradient check"
    icon = "list-checks"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 41
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: CheckChart | None = None
        self.checked: Checked | None = None
        self._check = Check(MOST)
        self._asking = False
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName(self.tr("Result of the check"))
        self.reading = QLabel()
        self.reading.setTextFormat(Qt.TextFormat.RichText)
        self.reading.setAccessibleName(self.tr("The weight under the mouse"))
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._stack = QStackedLayout()
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        self._stack.addWidget(self.empty)
        self._head = QHBoxLayout()
        self._head.addWidget(self.verdict, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._stack, 1)
        self._column.addWidget(self.reading)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        if self.ready:
            self._ask()

    def end(self) -> None:
        self._check, self._asking, self.checked = Check(MOST), False, None

    def refresh(self, snapshot: Snapshot) -> None:
        if snapshot.running or snapshot.problem:
            said = snapshot.problem or self.tr("The check waits until training stands still.")
            self._say_nothing_to_check(said)
        elif self.ready:
            self._ask()

    def restyle(self, theme: Theme) -> None:
        for label in (self.verdict, self.reading, self.empty):
            label.setFont(theme.fonts.ui)
        self.empty.setStyleSheet(f"color: {theme.css('text-muted')}")
        self._column.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        self._column.setSpacing(theme.space(0.5))
        if self.chart is not None:
            self.chart.restyle(theme)
            self._draw()

    # ---------------------------------------------------------------- asking

    def _ask(self) -> None:
        snapshot = self.workspace.snapshot
        if self._asking or snapshot.running or snapshot.problem or not self.isVisible():
            return
        if procedures.make(self.workspace.document.training.procedure).rule:
            self._say_nothing_to_check(
                self.tr("The perceptron rule is no gradient descent: there is no gradient to check.")
            )
            return
        self._asking = True
        self.workspace.link.ask(Checking(self._check), self._answered)

    def _answered(self, answer: object) -> None:
        self._asking = False
        if not isinstance(answer, Checked) or not self.isVisible() or self.workspace.snapshot.running:
            return
        news = self.checked is None or answer.found != self.checked.found
        self.checked = answer
        if not answer.complete:
            self._ask()
        if news:
            self._draw()

    def _say_nothing_to_check(self, said: str) -> None:
        self.empty.setText(said)
        self.verdict.clear()
        self.reading.clear()
        self._stack.setCurrentWidget(self.empty)

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        checked = self.checked
        if checked is None:
            return
        chart = self._chart()
        self._stack.setCurrentWidget(chart)
        chart.show_found(checked.found)
        self.verdict.setText(self._verdict(checked))
        self._look(None)

    def _verdict(self, checked: Checked) -> str:
        found = checked.found
        if not checked.complete:
            return self.tr("{0} of {1} weights compared …").format(len(found), checked.of)
        if not found:
            return self.tr("No weight learns in this update.")
        kinks = sum(each.kink for each in found)
        wrong = [each for each in found if not each.agrees and not each.kink]
        every = self.tr("all {0}").format(checked.whole)
        some = self.tr("{0} of {1}").format(len(found), checked.whole)
        which = every if len(found) == checked.whole else some
        if wrong:
            worst = max(wrong, key=lambda each: each.error)
            return self.tr("{0} of {1} weights disagree, most of all {2}.").format(
                len(wrong), len(found), self._symbol(worst).text
            )
        smooth = [each.error for each in found if not each.kink]
        said = self.tr("The backward phase is right: {0} weights agree, to {1} at the worst.").format(
            which, format_number(max(smooth, default=0.0), 2)
        )
        if kinks:
            said += " " + self.tr("{0} lie at a kink of J (squares), such as that of ReLU at 0.").format(
                kinks
            )
        return said

    def _symbol(self, compared: Compared) -> Symbol:
        try:
            layout = layout_of(self.workspace.document)
            return symbol_of(layout, compared.parameter.key, compared.parameter.index)
        except (AxonError, KeyError):
            return Symbol("w")

    def _chart(self) -> CheckChart:
        if self.chart is None:
            from gui.panels.charts.check_chart import CheckChart

            self.chart = CheckChart(self.workspace.theme)
            self.chart.hovered.connect(self._hover)
            self.chart.clicked.connect(self._click)
            self._stack.addWidget(self.chart)
        return self.chart

    # ---------------------------------------------------------------- mouse

    def _near(self, point: QPointF | None) -> Compared | None:
        if point is None or self.chart is None or self.checked is None:
            return None
        number = self.chart.near(point.x(), point.y())
        self.chart.mark(number)
        return None if number is None else self.checked.found[number]

    def _hover(self, point: QPointF | None) -> None:
        found = self._near(point)
        self._look(found)
        self.workspace.hover(frozenset() if found is None else frozenset({_cell(found)}))

    def _click(self, x: float, y: float) -> None:
        found = self._near(QPointF(x, y))
        if found is not None:
            self.workspace.choose_cells((_cell(found),))

    def _look(self, found: Compared | None) -> None:
        if found is None:
            self.reading.setText(self.tr("Point at a weight: its two gradients appear here."))
            return
        symbol = self._symbol(found).html
        error = format_number(found.error, 2) if math.isfinite(found.error) else "∞"
        self.reading.setText(
            self.tr("{0}: backward {1}, nudged {2}, relative difference {3}").format(
                symbol, format_number(found.backward, 6), format_number(found.nudged, 6), error
            )
        )

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(380), theme.px(300))


def _cell(found: Compared) -> tuple[str, str, tuple[int, ...], int | None]:
    layer, _, name = found.parameter.key.partition(".")
    return layer, name, found.parameter.index, None
