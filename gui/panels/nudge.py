"""The nudge panel: one weight moved by ε, and what the slope of the loss has to do with it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.problems import AxonError
from engine.nudging import Parameter
from engine.session import Snapshot
from engine.session.nudges import Course, Nudge
from engine.symbols import Symbol, symbol_of
from gui.laid_out import layout_of
from gui.looked_at import parameter_looked_at
from gui.pacing import Pacing
from gui.panels.chart_panel import ChartPanel
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.nudge_chart import NudgeChart

PROBE = "nudge"
EVERY = 0.15
"""Seconds between two answers while training runs."""
WIDEST, NARROWEST = 15.0, 1.5e-9
SHARE = 2 / 3
"""Where the nudged point stands at first, as a share of the way to the edge."""


class NudgePanel(ChartPanel):
    """Nothing is changed: the network that trains keeps its weight, only J is calculated again.

    The point on the curve is dragged, or moved by Up and Down; ×10 and ÷10 (+ and −) choose how large a
    nudge is. The smaller it is, the more does ΔJ/ε look like ∂J/∂w, until J is too coarse.
    """

    name = "nudge"
    title = "Nudge a weight"
    icon = "hand"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 40
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: NudgeChart | None = None
        self.span = 1.5
        self.share = SHARE
        self.course: Course | None = None
        self._parameter: Parameter | None = None
        self._symbol = Symbol("w")
        self._pacing = Pacing(EVERY)
        self.rows: dict[str, tuple[QLabel, QLabel]] = {}
        self.larger = self._button("×10", self.tr("A nudge ten times as large"), 10.0)
        self.smaller = self._button("÷10", self.tr("A nudge a tenth as large"), 0.1)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName(self.tr("What the nudge says"))
        self.empty = QLabel(
            self.tr(
                "Click a synapse, or a neuron for its bias: here it is moved a little, to see what J does."
            )
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        self._grid = QGridLayout()
        for name in ("epsilon", "change", "one", "both", "slope"):
            self._row(name)
        sizes = QHBoxLayout()
        sizes.setSpacing(0)
        for button in (self.smaller, self.larger):
            sizes.addWidget(button)
        self._grid.addLayout(sizes, 0, 2)
        side = QVBoxLayout()
        side.addLayout(self._grid)
        side.addStretch(1)
        self._figure = QStackedLayout()
        self._row_of_both = QHBoxLayout()
        self._row_of_both.addLayout(self._figure, 1)
        self._row_of_both.addLayout(side)
        self.shown = QWidget()
        self._column = QVBoxLayout(self.shown)
        self._column.addLayout(self._row_of_both, 1)
        self._column.addWidget(self.verdict)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.shown)
        workspace.cells_chosen.connect(self._look)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for each in (self.larger, self.smaller):
            each.installEventFilter(self)
        self.restyle(workspace.theme)

    def _button(self, text: str, tip: str, factor: float) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.zoom(factor))
        return button

    def _row(self, name: str) -> None:
        label, value = QLabel(), QLabel()
        label.setTextFormat(Qt.TextFormat.RichText)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.rows[name] = label, value
        self._grid.addWidget(label, len(self.rows) - 1, 0)
        self._grid.addWidget(value, len(self.rows) - 1, 1)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._pacing.again()
        self._look(anew=True)

    def end(self) -> None:
        self._parameter, self.course = None, None
        self.workspace.link.unwatch(PROBE)

    def refresh_state(self) -> None:
        self._look()

    def refresh(self, snapshot: Snapshot) -> None:
        answer = snapshot.answers.get(PROBE)
        if isinstance(answer, Course) and answer.parameter == self._parameter:
            self.course = answer
            if self.ready and self._pacing.due(snapshot):
                self._draw()

    def restyle(self, theme: Theme) -> None:
        for label, value in self.rows.values():
            label.setFont(theme.fonts.math)
            value.setFont(theme.fonts.strong)
        for words in (self.verdict, self.empty):
            words.setFont(theme.fonts.ui)
            words.setStyleSheet(f"color: {theme.css('text-muted')}")
        for button in (self.larger, self.smaller):
            button.setFont(theme.fonts.ui)
        colours = {"one": "accent", "slope": "gradient"}
        for name, (label, value) in self.rows.items():
            for each in (label, value):
                each.setStyleSheet(f"color: {theme.css(colours.get(name, 'text'))}")
        self._grid.setHorizontalSpacing(theme.space())
        self._grid.setVerticalSpacing(theme.space(0.25))
        self._row_of_both.setSpacing(theme.space())
        self._column.setSpacing(theme.space(0.5))
        self._column.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        if self.chart is not None:
            self.chart.restyle(theme)
        self._name()

    # ---------------------------------------------------------------- which weight, which nudge

    @property
    def at(self) -> int:
        """The number of the point on which the nudged weight stands."""
        assert self.course is not None
        side = len(self.course.nudges) // 2
        steps = max(1, round(abs(self.share) * side))
        return side + (steps if self.share >= 0 else -steps)

    def zoom(self, factor: float) -> None:
        """A nudge so many times as large."""
        span = min(WIDEST, max(NARROWEST, self.span * factor))
        if not math.isclose(span, self.span):
            self.span = span
            self._ask()

    def nudge_to(self, number: int) -> None:
        """The nudge of one of the points of the curve; no nudge at all says nothing."""
        if self.course is None:
            return
        side = len(self.course.nudges) // 2
        steps = number - side
        self.share = (steps or (1 if self.share > 0 else -1)) / side
        self._draw()

    def move_nudge(self, points: int) -> None:
        """The nudge so many points further; over the weight itself to its other side."""
        if self.course is None:
            return
        middle, last = len(self.course.nudges) // 2, len(self.course.nudges) - 1
        there = self.at + points
        self.nudge_to(min(max(there + (points if there == middle else 0), 0), last))

    def _look(self, anew: bool = False) -> None:
        if not self.isVisible():
            return
        wanted = parameter_looked_at(self.workspace) or self._parameter
        try:
            layout = layout_of(self.workspace.document)
        except AxonError:
            wanted = None
        if wanted is not None and wanted.key not in layout.slots:
            wanted = None
        if wanted == self._parameter and not anew:
            self._name()
            return
        self._parameter, self.course = wanted, None
        self._name()
        self._ask()

    def _name(self) -> None:
        if self._parameter is not None:
            self._symbol = symbol_of(
                layout_of(self.workspace.document), self._parameter.key, self._parameter.index
            )
        w = self._symbol.html
        for name, text in {
            "epsilon": "ε",
            "change": "Δ<i>J</i>",
            "one": "Δ<i>J</i> / ε",
            "both": self.tr("Δ<i>J</i> / ε, both ways"),
            "slope": f"∂<i>J</i> / ∂{w}",
        }.items():
            self.rows[name][0].setText(text)
        self.rows["change"][0].setToolTip(self.tr("J(w + ε) − J(w)"))
        self.rows["both"][0].setToolTip(
            self.tr("(J(w + ε) − J(w − ε)) / 2ε: nearer to the slope than one side")
        )
        self.rows["slope"][0].setToolTip(self.tr("What the backward phase says"))

    def _ask(self) -> None:
        if self._parameter is None:
            self.workspace.link.unwatch(PROBE)
            self._stack.setCurrentWidget(self.empty)
        else:
            self.workspace.link.watch(PROBE, Nudge(self._parameter, self.span), EVERY)

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        course = self.course
        if course is None:
            return
        self._stack.setCurrentWidget(self.shown)
        chart = self._chart()
        at = self.at
        chart.show_course(course, at)
        chart.label("bottom", "w")
        nudge, change = float(course.nudges[at]), float(course.costs[at]) - course.J
        other = float(course.costs[len(course.nudges) - 1 - at])
        one = change / nudge
        both = (float(course.costs[at]) - other) / (2 * nudge)
        said = {"epsilon": nudge, "change": change, "one": one, "both": both}
        for name, value in said.items():
            self._write(name, format_number(value))
        self._write("slope", "–" if course.slope is None else format_number(course.slope))
        self.verdict.setText(self._verdict(course, nudge, one))

    def _write(self, name: str, text: str) -> None:
        value = self.rows[name][1]
        value.setText(text)
        value.setAccessibleName(f"{name}: {text}")

    def _verdict(self, course: Course, nudge: float, one: float) -> str:
        if course.slope is None:
            return self.tr("This weight does not learn in this update: it has no gradient.")
        if not (math.isfinite(one) and math.isfinite(course.slope)):
            return self.tr("J is not a number here: the weights have become too large.")
        if course.rule:
            return self.tr("This rule is no gradient descent: its dw is (a − y) · x, not the slope of J.")
        scale = max(abs(one), abs(course.slope))
        if scale == 0.0:
            return self.tr("J does not depend on this weight here: the slope is 0.")
        apart = abs(one - course.slope) / scale
        if apart <= 0.0005:
            return self.tr("The same to three digits: the slope says what a nudge does.")
        if abs(nudge) < 1e-6:
            return self.tr("{0} % apart: ΔJ is now so small that J's last digits do not carry it.").format(
                format_number(100 * apart, 2)
            )
        return self.tr("{0} % apart, because the curve bends: take a smaller nudge.").format(
            format_number(100 * apart, 2)
        )

    def _chart(self) -> NudgeChart:
        if self.chart is None:
            from gui.panels.charts.nudge_chart import NudgeChart

            self.chart = NudgeChart(self.workspace.theme)
            self.chart.nudged.connect(self.nudge_to)
            self._figure.addWidget(self.chart)
        return self.chart

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(520), theme.px(240))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        if self.course is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        match event.key():
            case Qt.Key.Key_Up:
                self.move_nudge(1)
            case Qt.Key.Key_Down:
                self.move_nudge(-1)
            case Qt.Key.Key_Plus:
                self.zoom(10.0)
            case Qt.Key.Key_Minus:
                self.zoom(0.1)
            case _:
                return False
        return True
