"""The history panel: how chosen weights came to be what they are, update by update."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.problems import AxonError
from engine.layout import Layout
from engine.session import Snapshot
from engine.session.weight_bins import History, Name
from engine.session.weight_history import LONG_SLICE, Cell, Recorder, WeightHistory, cell_named
from engine.symbols import symbol_of
from gui.explaining import Asked
from gui.laid_out import layout_of
from gui.pacing import Pacing
from gui.panels.chart_panel import ChartPanel
from gui.panels.weighing.naming import name_of, parameter_of
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.widgets.switch import switch_style
from gui.workspace import CellKey, Workspace

if TYPE_CHECKING:
    from gui.panels.charts.history_chart import HistoryChart

PROBE = "history.weights"
MOST = 8
EVERY = 0.07
"""Seconds between two answers while training runs."""
FRAMES = 0.1
"""Seconds between two pictures while training runs."""
FILLING = 0.25
"""Seconds between two pictures while the past is filled in."""


class HistoryPanel(ChartPanel):
    """Follows the selection, or the cells chosen in the table of weights. A click seeks."""

    name = "history"
    title = "History"
    icon = "history"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 15
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: HistoryChart | None = None
        self._pacing = Pacing(FRAMES)
        self._recorder = Recorder()
        self._chosen: tuple[CellKey, ...] = ()
        self._names: tuple[Name, ...] = ()
        self._left_out = 0
        self._cells: tuple[Cell, ...] = ()
        self._labels: dict[Name, tuple[str, str]] = {}
        """Of every curve its symbol as rich text and as plain text."""
        self._history = History()
        self._asking = False
        self._looked_at: int | None = None
        self._slopes = False
        self._drawn = 0.0
        self.reading = QLabel()
        self.reading.setTextFormat(Qt.TextFormat.RichText)
        self.reading.setAccessibleName(self.tr("Values"))
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.note = QLabel()
        self.note.setAccessibleName(self.tr("What is known of the history"))
        self.empty = QLabel(
            self.tr("Click a synapse or a neuron, or cells in the table of weights, to see how they changed.")
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        self._switch = QButtonGroup(self)
        self.value_button = self._button(self.tr("Value"), self.tr("The weights themselves"), False)
        self.slope_button = self._button(self.tr("Gradient"), self.tr("∂J/∂w of every update"), True)
        self.value_button.setChecked(True)
        self._head = QHBoxLayout()
        switch = QHBoxLayout()
        switch.setSpacing(0)
        switch.addWidget(self.value_button)
        switch.addWidget(self.slope_button)
        self._head.addWidget(self.reading, 1)
        self._head.addWidget(self.note)
        self._head.addLayout(switch)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._stack, 1)
        workspace.cells_chosen.connect(self._choose)
        self.restyle(workspace.theme)

    def _button(self, text: str, tip: str, slopes: bool) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self.show_slopes(slopes))
        self._switch.addButton(button)
        return button

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._pacing.again()
        if self._names:
            self._resolve(anew=True)

    def end(self) -> None:
        self.workspace.link.unwatch(PROBE)
        if self._cells and not self.workspace.snapshot.problem:  # let go of what replays the past
            self.workspace.link.ask(WeightHistory(self._recorder, ()), lambda _: None)
        self._cells = ()

    def refresh_state(self) -> None:
        self._choose()
        self._pacing.again()

    def refresh(self, snapshot: Snapshot) -> None:
        if not self.ready:
            return
        answer = snapshot.answers.get(PROBE)
        if isinstance(answer, History) and self._cells:
            self._history = answer
            if not answer.complete and not snapshot.running:
                self._ask()
        if self._pacing.due(snapshot):
            self._draw(snapshot)

    def restyle(self, theme: Theme) -> None:
        self.reading.setFont(theme.fonts.ui)
        self.note.setFont(theme.fonts.small)
        self.empty.setFont(theme.fonts.ui)
        muted = f"color: {theme.css('text-muted')}"
        for label in (self.empty, self.note):
            label.setStyleSheet(muted)
        for button in (self.value_button, self.slope_button):
            button.setStyleSheet(switch_style(theme))
        self._head.setSpacing(theme.space(1))
        self._column.setContentsMargins(theme.space(1), theme.space(0.5), theme.space(1), theme.space(0.5))
        self._column.setSpacing(theme.space(0.5))
        if self.chart is not None:
            self.chart.restyle(theme)
        self._pacing.again()

    # ---------------------------------------------------------------- which weights

    def show_slopes(self, slopes: bool) -> None:
        """The gradients of every update, or the weights themselves."""
        self._slopes = slopes
        (self.slope_button if slopes else self.value_button).setChecked(True)
        self._draw(self.workspace.snapshot)

    def _choose(self) -> None:
        """What is chosen now; where nothing is, what was chosen last stays."""
        if not self.isVisible():
            return
        try:
            layout = layout_of(self.workspace.document)
        except AxonError:
            return
        cells = self.workspace.chosen_cells
        if cells and cells != self._chosen:
            found = [parameter_of(each) for each in cells]
        else:
            found = self._selected(layout)
        if cells != self._chosen or not cells:
            names = tuple(dict.fromkeys(name_of(layout, *each) for each in found if _fits(layout, *each)))
            if names:
                self._names, self._left_out = names[:MOST], max(0, len(names) - MOST)
        self._chosen = cells
        self._resolve()

    def _selected(self, layout: Layout) -> list[tuple[str, tuple[int, ...]]]:
        """The weights of the selected synapses; of a neuron its bias and what comes in."""
        document, selection = self.workspace.document, self.workspace.selection
        found: list[tuple[str, tuple[int, ...]]] = []
        for source, sender, target, receiver in sorted(selection.synapses):
            index = (document.layer(target).unit(receiver), document.layer(source).unit(sender))
            found.append((f"{target}.W.{source}", index))
        for layer, key in sorted(selection.units):
            row = document.layer(layer).unit(key)
            for wire in document.incoming(layer):
                units = document.layer(wire.source).units
                weights = f"{layer}.W.{wire.source}"
                if weights in layout.slots and len(layout.slots[weights].shape) == 2:
                    there = [n for n, unit in enumerate(units) if (key, unit) not in wire.cut]
                    found += [(weights, (row, n)) for n in there]
            if len(selection.units) == 1:
                found = found[: MOST - 1]
            found.append((f"{layer}.b", (row, 0)))
        return found

    def _resolve(self, anew: bool = False) -> None:
        """Where the chosen weights stand in the present document; the probe asks for those."""
        try:
            layout = layout_of(self.workspace.document)
        except AxonError:
            return
        found = tuple(cell for name in self._names if (cell := cell_named(layout, name)) is not None)
        self._labels = {}
        for cell in found:
            symbol = symbol_of(layout, cell.key, cell.index)
            self._labels[cell.name] = symbol.html, symbol.text
        if found == self._cells and not anew:
            return
        self._cells, self._asking = found, False
        if found:
            self.workspace.link.watch(PROBE, WeightHistory(self._recorder, found), EVERY)
        else:
            self._history = History()
            self.workspace.link.unwatch(PROBE)
            self._draw(self.workspace.snapshot)

    def _ask(self) -> None:
        """While training stands still no snapshots come: ask for the rest of the past, slice by slice."""
        if not self._asking and self._cells and not self.workspace.snapshot.problem:
            self._asking = True
            self.workspace.link.ask(WeightHistory(self._recorder, self._cells, LONG_SLICE), self._answered)

    def _answered(self, answer: object) -> None:
        self._asking = False
        if not isinstance(answer, History) or not self.isVisible() or not self._cells:
            return
        self._history = answer
        if not answer.complete and not self.workspace.snapshot.running:
            self._ask()
        now = time.perf_counter()
        if answer.complete or now - self._drawn > FILLING:
            self._drawn = now
            self._draw(self.workspace.snapshot)

    # ---------------------------------------------------------------- drawing

    def _draw(self, snapshot: Snapshot) -> None:
        if not self.ready:
            return
        if not self._cells:
            self._stack.setCurrentWidget(self.empty)
            for label in (self.reading, self.note):
                label.clear()
            return
        chart, history = self._chart(), self._history
        self._stack.setCurrentWidget(chart)
        from gui.panels.charts.history_chart import Line

        lines = []
        for cell in self._cells:
            course = history.courses.get(cell.name)
            if course is None:
                continue
            low, high = (course.slope_low, course.slope_high) if self._slopes else (course.low, course.high)
            first = None if self._slopes else _first(snapshot, cell)
            lines.append(Line(self._labels[cell.name][0], low, high, first))
        chart.show_lines(lines, history.start, history.width, snapshot.step)
        chart.label("up", self.tr("∂J/∂w") if self._slopes else self.tr("weight"))
        self._tell(snapshot)

    def _chart(self) -> HistoryChart:
        if self.chart is None:
            from gui.panels.charts.history_chart import HistoryChart

            self.chart = HistoryChart(self.workspace.theme)
            self.chart.looked_at.connect(self._look)
            self.chart.sought.connect(self._seek)
            self.chart.clicked.connect(self._explain)
            self.chart.setToolTip(
                self.tr("Click: back to that update. Alt and a click: the update that made this value.")
            )
            self._stack.addWidget(self.chart)
        return self.chart

    def _tell(self, snapshot: Snapshot) -> None:
        """The values under the mouse, or now; and how well the past is known."""
        chart = self.chart
        if chart is None:
            return
        update = self._looked_at if self._looked_at is not None else snapshot.step
        parts = [self.tr("update {0}").format(update)]
        names = [self._labels[cell.name] for cell in self._cells if cell.name in self._history.courses]
        spoken = list(parts)
        for (html, text), found in zip(names, chart.values(update), strict=False):
            if found is not None:
                low, high = format_number(found[0]), format_number(found[1])
                value = low if low == high else self.tr("{0} to {1}").format(low, high)
                parts.append(f"{html} = {value}")
                spoken.append(f"{text} = {value}")
        self.reading.setText(parts[0] if chart.roomy else " · ".join(parts))
        self.reading.setToolTip("\n".join(spoken))
        self.reading.setAccessibleDescription(", ".join(spoken))
        self._note()

    def _note(self) -> None:
        history, said = self._history, []
        if self._left_out:
            said.append(self.tr("the first {0} of {1}").format(MOST, MOST + self._left_out))
        if not history.complete and history.every > 1 and not self.workspace.snapshot.running:
            said.append(self.tr("filling in …"))
        elif history.every > 1:
            said.append(self.tr("sampled every {0} updates").format(history.every))
        if history.known_from > history.start and history.courses:
            said.append(self.tr("known from update {0}").format(history.known_from))
        self.note.setText(" · ".join(said))

    def asked_number(self) -> Asked | None:
        """The first of the values under the mouse, for the key E."""
        if self._looked_at is None or not self._cells:
            return None
        return self._asked(self._cells[0], self._looked_at)

    def _asked(self, cell: Cell, update: int) -> Asked:
        """A point of a curve: the value before an update was made by the one before it."""
        layer, array = cell.key.split(".", 1)
        if self._slopes:
            return Asked((layer, f"mean d{array}", cell.index, None), update)
        if update <= self._history.start:
            return Asked((layer, array, cell.index, None), update)
        return Asked((layer, f"new {array}", cell.index, None), update - 1)

    def _explain(self, x: float, y: float) -> None:
        """Alt and a click: the value of the curve nearest to it."""
        chart, update = self.chart, max(self._history.start, round(x))
        if chart is None or not chart.asks:
            return
        found = zip(self._cells, chart.values(update), strict=False)
        known = [(abs((value[0] + value[1]) / 2 - y), cell) for cell, value in found if value is not None]
        if known:
            asked = self._asked(min(known, key=lambda each: each[0])[1], update)
            self.workspace.explain(asked.cell, asked.update)

    def _seek(self, update: int) -> None:
        if self.chart is None or not self.chart.asks:
            self.workspace.training.seek_on_curve(update)

    def _look(self, update: int | None) -> None:
        self._looked_at = update
        self._tell(self.workspace.snapshot)

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(340), theme.px(180))


def _fits(layout: Layout, key: str, index: tuple[int, ...]) -> bool:
    slot = layout.slots.get(key)
    return (
        slot is not None
        and len(index) == len(slot.shape)
        and all(0 <= i < side for i, side in zip(index, slot.shape, strict=True))
    )


def _first(snapshot: Snapshot, cell: Cell) -> float | None:
    """The initial value."""
    array = snapshot.initial.get(cell.key)
    inside = array is not None and array.ndim == len(cell.index)
    if array is None or not inside or any(i >= n for i, n in zip(cell.index, array.shape, strict=True)):
        return None
    return float(array[cell.index])
