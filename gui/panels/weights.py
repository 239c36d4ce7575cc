"""The weights panel: the matrix of a layer as a table, edited like a spreadsheet."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from engine.core.problems import AxonError
from engine.core.shapes import spoken
from engine.datasets import Data
from engine.layout import Layout
from engine.session import Snapshot
from gui.explaining import Asked
from gui.laid_out import layout_of
from gui.pacing import Pacing
from gui.panel import Panel
from gui.panels.weighing import changing
from gui.panels.weighing.head import SheetHead
from gui.panels.weighing.menu import menu_of
from gui.panels.weighing.model import Mode, gradients_known
from gui.panels.weighing.naming import cell_key, matrix_of, parameter_of
from gui.panels.weighing.naming import first_feature as first_feature_of
from gui.panels.weighing.sheet import Entry, Sheet, entries_of
from gui.panels.weighing.table import WeightTable
from gui.selection import Selection
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

FOLLOWED = 8
"""So many selected cells are followed by the history."""
FRAMES = 1 / 20


class WeightsPanel(Panel):
    """Follows what is selected on the canvas; hovering lights up both ways."""

    name = "weights"
    title = "Weights"
    icon = "table"
    area = Qt.DockWidgetArea.RightDockWidgetArea
    rank = 30
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._pacing = Pacing(FRAMES)
        self._entries: tuple[Entry, ...] = ()
        self._layout: Layout | None = None
        self._data: Data | None = None
        self._followed = Selection()
        self._pointing = self._following = False
        self.sheet: Sheet | None = None
        self.head = SheetHead(workspace.theme)
        self.table = WeightTable(workspace.theme)
        self.detail = QLabel()
        self.detail.setTextFormat(Qt.TextFormat.RichText)
        self.detail.setWordWrap(True)
        self.detail.setAccessibleName(self.tr("The chosen weight"))
        self.detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._full = QWidget()
        self._column = QVBoxLayout(self._full)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.head)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.detail)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._full)
        self._problem = ""
        self.setFocusProxy(self.table)
        self._connect()
        self.restyle(workspace.theme)

    def _connect(self) -> None:
        head, table, editing = self.head, self.table, self.workspace.editing
        head.entry_chosen.connect(lambda number: self._show(self._entries[number]))
        head.place_chosen.connect(self._slice)
        head.mode_chosen.connect(self.set_mode)
        head.drawn.connect(editing.redraw)
        head.reset_wanted.connect(editing.reset)
        head.menu_wanted.connect(self._menu_below)
        table.menu_wanted.connect(lambda at: menu_of(self).exec(at))
        table.values_wanted.connect(self._set)
        table.pointed_at.connect(self._point)
        table.picked.connect(self._picked)
        table.problem.connect(self._complain)
        table.explanation_wanted.connect(self._explain)
        table.numbers.refused.connect(self._refuse)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self.workspace.hover_changed.connect(self._light)
        self._pacing.again()

    def end(self) -> None:
        self.workspace.hover_changed.disconnect(self._light)
        self._point(None)

    def refresh_state(self) -> None:
        document = self.workspace.document
        if self._layout is None or self._layout.document is not document:
            why = self.tr(
                "Connect two layers on the canvas: their weights stand here as a table to read and type in."
            )
            try:
                self._layout = layout_of(document)
            except AxonError as error:
                self._layout, why = None, str(error)
            self.empty.setText(why)
            self._entries = entries_of(self._layout) if self._layout is not None else ()
            self._list()
        if self.workspace.selection != self._followed:
            self._followed = self.workspace.selection
            self._follow(self._followed)
        self.head.seed.setValue(document.training.seed)
        self._pacing.again()

    def refresh(self, snapshot: Snapshot) -> None:
        if self._data is not snapshot.data:
            self._data = snapshot.data
            if self.sheet is not None:
                self.table.numbers.set_sheet(self.sheet, *self._names(self.sheet))
                self.table.fit()
        if self._pacing.due(snapshot) and self.table.numbers.show(snapshot):
            self._tell()

    def restyle(self, theme: Theme) -> None:
        self.head.restyle(theme)
        self.table.restyle(theme)
        self.detail.setFont(theme.fonts.ui)
        self.detail.setMinimumHeight(round(2.6 * self.fontMetrics().height()))
        self.empty.setFont(theme.fonts.ui)
        self.empty.setStyleSheet(f"color: {theme.css('text-muted')}")
        self.empty.setMargin(theme.space(2))
        self._column.setSpacing(theme.space(0.75))
        self._column.setContentsMargins(theme.space(1), theme.space(0.5), theme.space(1), theme.space(0.5))
        self._pacing.again()
        self._tell()

    # ---------------------------------------------------------------- which weights

    def set_mode(self, mode: Mode) -> None:
        """Now, at the start, the change, or the gradient."""
        self.head.set_mode(mode)
        self.table.numbers.set_mode(mode)
        self.table.numbers.show(self.workspace.snapshot)
        self._complain("")

    def _list(self) -> None:
        """All parameters of the document, and the table of the one that was shown or of the first."""
        at = next((n for n, each in enumerate(self._entries) if self.sheet and each == self.sheet.entry), 0)
        layout = self._layout
        if layout is None or not self._entries:
            self.sheet = None
            self.table.numbers.set_sheet(None, (), ())
            self._stack.setCurrentWidget(self.empty)
            return
        self.head.show_entries([self._title(layout, each) for each in self._entries], at)
        self._stack.setCurrentWidget(self._full)
        self._show(self._entries[at], self.sheet.chosen if self.sheet is not None else ())

    def _title(self, layout: Layout, entry: Entry) -> str:
        slot, document = layout.slots[entry.key], layout.document
        layer = document.layer(slot.layer)
        source = slot.part.name.partition(".")[2]
        where = layer.name or layer.id
        if source:
            behind = document.layer(source)
            where = f"{behind.name or behind.id} → {where}"
        text = f"{matrix_of(layout, entry.key).text}   {where}   {spoken(slot.shape)}"
        return text if slot.learned else self.tr("{0}   kept, not learned").format(text)

    def _show(self, entry: Entry, chosen: tuple[int, ...] = ()) -> None:
        """The table of a parameter."""
        if self._layout is None:
            return
        sheet = Sheet(self._layout, entry, chosen)
        same = self.sheet is not None and self.sheet.same_place(sheet)
        self.sheet = sheet
        words = (self.tr("filter"), self.tr("channel"))
        self.head.show_outer(words[: len(sheet.outer)], sheet.outer, sheet.chosen)
        if entry in self._entries:
            self.head.entries.setCurrentIndex(self._entries.index(entry))
        self.table.numbers.set_sheet(sheet, *self._names(sheet))
        self.table.numbers.show(self.workspace.snapshot)
        if not same:
            self.table.fit()
            self.table.go_to(0, 0)
        self._light()
        self._tell()

    def _slice(self) -> None:
        if self.sheet is not None:
            self._show(self.sheet.entry, self.head.chosen)

    def _names(self, sheet: Sheet) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of the receiving and sending units, from the data: features, classes, targets."""
        axes = sheet.slot.part.axes
        rows = self._named(axes[-2] if len(axes) > 1 else axes[0], sheet.rows)
        return rows, self._named(axes[-1] if len(axes) > 1 else None, sheet.weights)

    def _named(self, layer: str | None, count: int) -> tuple[str, ...]:
        data, layout = self._data, self._layout
        if data is None or layout is None or layer not in layout.nodes:
            return ()
        node = layout.nodes[layer]
        if node.kind.role == "input":
            start = first_feature_of(layout, layer)
            names = data.features[start : start + count]
            return tuple("" if name == f"x{n}" else name for n, name in enumerate(names, start + 1))
        if node.kind.role == "output":
            names = data.classes if len(data.classes) == count else data.targets
            return tuple("" if name == "y" else name for name in names[:count])
        return ()

    def _follow(self, selection: Selection) -> None:
        """What is selected on the canvas is selected here too."""
        layer, keys = _about(selection)
        if self._layout is None or not layer:
            return
        wires = {(source, target) for source, _, target, _ in selection.synapses} | set(selection.wires)
        wanted = {f"{target}.W.{source}" for source, target in wires}
        if self.sheet is None or self.sheet.layer != layer or (wanted and self.sheet.entry.key not in wanted):
            found = next((each for each in self._entries if each.key in wanted), None) or next(
                (each for each in self._entries if each.key.startswith(f"{layer}.")), None
            )
            if found is None:
                return
            self._show(found)
        sheet = self.sheet
        if sheet is None:
            return
        chosen = np.zeros((sheet.rows, sheet.columns), bool)
        units = self._layout.document.layer(layer).units
        if sheet.rows == len(units):
            for key in keys:
                chosen[units.index(key)] = True
        for row, column in self._synapses(sheet, selection):
            chosen[row, column] = True
        self._following = True
        self.table.select(chosen & sheet.there)
        self._following = False
        self._tell()

    def _synapses(self, sheet: Sheet, selection: Selection) -> list[tuple[int, int]]:
        document, found = sheet.document, []
        for source, sender, target, receiver in selection.synapses:
            if f"{target}.W.{source}" == sheet.entry.key and sheet.wire is not None:
                found.append((document.layer(target).unit(receiver), document.layer(source).unit(sender)))
        return found

    # ---------------------------------------------------------------- numbers

    def _set(self, values: np.ndarray) -> None:
        self._complain("")
        if self.sheet is not None:
            initial = self.table.numbers.mode is Mode.INITIAL
            changing.set_values(self.workspace, self.sheet, values, initial=initial)

    def _refuse(self) -> None:
        self._complain(self.tr("These numbers are calculated. Choose Now or Initial to change weights."))

    def _complain(self, sentence: str) -> None:
        if sentence != self._problem:
            self._problem = sentence
            self._tell()

    def _picked(self) -> None:
        """Other cells are selected: say what they are, and let the history follow them."""
        self._problem = ""
        self._tell()
        if self._following or self.sheet is None or not self.table.hasFocus():
            return
        places = np.argwhere(self.table.selected() & self.sheet.there & ~self.sheet.cut)[:FOLLOWED].tolist()
        spots = (self.sheet.spot(row, column) for row, column in places)
        self.workspace.choose_cells(tuple(cell_key(*each) for each in spots if each is not None))

    def _tell(self) -> None:
        """The line below the table: the current weight in full, or what is wrong."""
        theme, sheet, at = self.workspace.theme, self.sheet, self.table.currentIndex()
        if self._problem:
            self.detail.setText(f'<span style="color:{theme.css("error")}">▲ {self._problem}</span>')
            return
        spot = sheet.spot(at.row(), at.column()) if sheet is not None and at.isValid() else None
        if sheet is None or spot is None:
            self.detail.clear()
            return
        key, index = spot
        symbol = sheet.symbol_at(at.row(), at.column()).html
        if sheet.cut[at.row(), at.column()]:
            text = self.tr("{0} is cut: type a number to draw this synapse.")
            self.detail.setText(text.format(symbol))
            return
        snapshot = self.workspace.snapshot
        parts: list[str] = []
        for arrays, text in (
            (snapshot.parameters, self.tr("{0} = <b>{1}</b>")),
            (snapshot.initial, self.tr("initial {1}")),
            (snapshot.gradients if gradients_known(snapshot) else {}, self.tr("∂<i>J</i>/\u2060∂{0} = {1}")),
        ):
            array = arrays.get(key)
            if array is not None and array.shape == sheet.layout.slots[key].shape:
                value = float(array[index])
                digits = 4 if parts else 7
                shown = format_number(value, digits, fractions=not snapshot.running)
                parts.append(text.format(symbol, shown).replace(" ", "\u00a0"))
        if sheet.locked[at.row(), at.column()]:
            parts.append(self.tr("locked"))
        self.detail.setText(" · ".join(parts))

    # ---------------------------------------------------------------- explaining

    def asked_number(self) -> Asked | None:
        """The current cell, for the key E and the menu."""
        at = self.table.currentIndex()
        return self._asked(at.row(), at.column()) if at.isValid() else None

    def _asked(self, row: int, column: int) -> Asked | None:
        """The number of a cell as the table shows it now."""
        spot = self.sheet.spot(row, column) if self.sheet is not None else None
        if spot is None:
            return None
        layer, array, index, _ = cell_key(*spot)
        last = self.workspace.snapshot.step - 1
        match self.table.numbers.mode:
            case Mode.GRADIENT:
                return Asked((layer, f"mean d{array}", index, None), max(0, last))
            case Mode.INITIAL:
                return Asked((layer, array, index, None), 0)
        return Asked((layer, array, index, None))

    def _explain(self, row: int, column: int) -> None:
        asked = self._asked(row, column)
        if asked is not None:
            self.workspace.explain(asked.cell, asked.update)

    # ---------------------------------------------------------------- hover

    def _point(self, place: tuple[int, int] | None) -> None:
        """The canvas lights up what the mouse or the keyboard is on here."""
        spot = self.sheet.spot(*place) if place is not None and self.sheet is not None else None
        if spot is not None:
            self._pointing = True
            self.workspace.hover(frozenset({cell_key(*spot)}))
        elif self._pointing:
            self._pointing = False
            self.workspace.hover(frozenset())

    def _light(self) -> None:
        """What is hovered anywhere lights up here: weights, their gradients, units."""
        sheet = self.sheet
        places = set()
        for cell in self.workspace.lit if sheet is not None else ():
            assert sheet is not None
            place = sheet.place(*parameter_of(cell))
            if place is not None:
                places.add(place)
        self.table.numbers.light(frozenset(places))
        for header in (self.table.columns, self.table.rows):
            header.viewport().update()

    # ---------------------------------------------------------------- menu

    def _menu_below(self) -> None:
        corner = self.head.more.rect().bottomLeft()
        menu_of(self).exec(self.head.more.mapToGlobal(corner + QPoint(0, 2)))

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(320), theme.px(360))


def _about(selection: Selection) -> tuple[str, tuple[int, ...]]:
    """The layer whose weights are meant, and the units whose rows are."""
    if selection.synapses:
        layers = {target for _, _, target, _ in selection.synapses}
        return next(iter(layers)) if len(layers) == 1 else "", ()
    if selection.units:
        layers = {layer for layer, _ in selection.units}
        layer = next(iter(layers)) if len(layers) == 1 else ""
        return layer, tuple(key for _, key in selection.units) if layer else ()
    if len(selection.wires) == 1:
        return next(iter(selection.wires))[1], ()
    return (next(iter(selection.layers)) if len(selection.layers) == 1 else ""), ()
