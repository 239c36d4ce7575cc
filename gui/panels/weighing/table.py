"""The table of a weight matrix, edited like a spreadsheet: keys, selection, clipboard, hover."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from engine.core.plan import Array
from gui.panels.weighing import clip
from gui.panels.weighing.cell_painter import CellPainter
from gui.panels.weighing.model import WeightModel
from gui.panels.weighing.symbol_header import SymbolHeader
from gui.theme import Theme
from gui.widgets.numbers import writing

_STARTS = frozenset("0123456789+-−.,½¼¾⅓⅔")
"""What a number begins with: typing it begins to edit. Other keys stay with the window."""
_MOVES = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return,
    Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Backspace,
}  # fmt: skip
_STANDARD = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.SelectAll,
)
ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class WeightTable(QTableView):
    """A view of a ``WeightModel``. What is done to numbers leaves as ``values_wanted``."""

    values_wanted = Signal(object)
    """A matrix of the sheet's shape with what cells are to be set to; NaN where they stay."""
    pointed_at = Signal(object)
    """The cell under the mouse, or the current one of the keyboard: (row, column) or ``None``."""
    picked = Signal()
    """Other cells are selected."""
    problem = Signal(str)
    explanation_wanted = Signal(int, int)
    """Where the number of this row and column comes from."""
    menu_wanted = Signal(object)
    """The context menu is wanted at this place of the screen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = WeightModel()
        self.numbers.setParent(self)
        self.painter = CellPainter(theme, self)
        self.setModel(self.numbers)
        self.setItemDelegate(self.painter)
        self.columns = SymbolHeader(Qt.Orientation.Horizontal, theme, self)
        self.rows = SymbolHeader(Qt.Orientation.Vertical, theme, self)
        self.setHorizontalHeader(self.columns)
        self.setVerticalHeader(self.rows)
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setAccessibleName(self.tr("Weights"))
        self.setAccessibleDescription(self.tr("Type to change a weight. F6 leaves the table."))
        self.numbers.typed.connect(self._typed)
        self.painter.moved.connect(self._go_on)
        self.painter.problem.connect(self.problem)
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit())
        self.selectionModel().currentChanged.connect(self._current_moved)
        self.numbers.modelReset.connect(self.fit)
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        """Fonts, colours and the size of the cells."""
        self.theme = theme
        self.painter.restyle(theme)
        for header in (self.columns, self.rows):
            header.restyle(theme)
        self.fit()

    def fit(self) -> None:
        """All columns are as wide as the widest number that is usual, or as their names."""
        metrics = QFontMetrics(self.theme.fonts.ui)
        wide = metrics.horizontalAdvance(f"−0.{'0' * max(4, writing().decimals or 0)}") + self.theme.px(14)
        names = QFontMetrics(self.theme.fonts.small)
        longest = max((names.horizontalAdvance(each) for each in self.numbers.column_names), default=0)
        named = min(longest + self.theme.px(8), self.theme.px(90))
        self.columns.setDefaultSectionSize(max(wide, named))
        self.rows.setDefaultSectionSize(round(1.55 * metrics.height()))
        for header in (self.columns, self.rows):
            header.setMinimumSectionSize(self.theme.px(12))
            header.measure()
        self.updateGeometries()

    # ---------------------------------------------------------------- what is selected

    def selected(self) -> Array:
        """The selected cells as a matrix of True and False; all ranges at once, however large."""
        sheet = self.numbers.sheet
        found = np.zeros((0, 0), bool) if sheet is None else np.zeros((sheet.rows, sheet.columns), bool)
        for part in self.selectionModel().selection().toList():
            found[part.top() : part.bottom() + 1, part.left() : part.right() + 1] = True
        return found

    def select(self, chosen: Array) -> None:
        """Select these cells, and go to the first of them."""
        places = np.argwhere(chosen)
        if not len(places):
            return
        selection = QItemSelection()
        if len(places) == (np.ptp(places[:, 0]) + 1) * (np.ptp(places[:, 1]) + 1):
            (top, left), (bottom, right) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
            selection.select(self.numbers.index(top, left), self.numbers.index(bottom, right))
        else:
            for row, column in places.tolist():
                spot = self.numbers.index(row, column)
                selection.select(spot, spot)
        first = self.numbers.index(*places[0].tolist())
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(first, flag.NoUpdate)
        self.selectionModel().select(selection, flag.ClearAndSelect)
        self.scrollTo(first)

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """Top, left, bottom and right of the rectangle around the selection (the current cell if none)."""
        places = np.argwhere(self.selected())
        if len(places):
            (top, left), (bottom, right) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
            return top, left, bottom, right
        at = self.currentIndex()
        return (at.row(), at.column(), at.row(), at.column()) if at.isValid() else None

    # ---------------------------------------------------------------- doing

    def copy(self) -> bool:
        """The selected rectangle as tab-separated text with every digit; whether it is there now."""
        box, sheet = self.box, self.numbers.sheet
        if box is None or sheet is None or not self.numbers.numbers.size:
            return False
        top, left, bottom, right = box
        shown = np.where(sheet.cut, np.nan, self.numbers.numbers)
        block = shown[top : bottom + 1, left : right + 1].astype(np.float64)
        try:
            QGuiApplication.clipboard().setText(clip.written(block))
        except ValueError as error:
            self.problem.emit(str(error))
            return False
        return True

    def paste(self) -> None:
        """Numbers from a spreadsheet, from the upper left of the selection on; or nothing and a reason."""
        sheet, box = self.numbers.sheet, self.box
        if sheet is None or box is None or not self._may_edit():
            return
        top, left, bottom, right = box
        rows, columns = bottom - top + 1, right - left + 1
        single = rows == columns == 1
        room = (sheet.rows - top, sheet.columns - left)
        try:
            table = clip.read(
                QGuiApplication.clipboard().text(), self.locale(), room if single else (rows, columns)
            )
        except ValueError as error:
            self.problem.emit(str(error))
            return
        have = table.shape
        if have == (1, 1) and not single and not np.isnan(table[0, 0]):
            self._want(self.selected(), float(table[0, 0]))
        elif single and (have[0] > room[0] or have[1] > room[1]):
            text = self.tr(
                "The clipboard has {0} × {1} numbers, and from here on there is room for {2} × {3}."
            )
            self.problem.emit(text.format(*have, *room))
        elif not single and have != (rows, columns):
            text = self.tr("The clipboard has {0} × {1} numbers and {2} × {3} cells are selected.")
            self.problem.emit(text.format(*have, rows, columns))
        else:
            wanted = np.full((sheet.rows, sheet.columns), np.nan)
            wanted[top : top + have[0], left : left + have[1]] = table
            wanted[~sheet.there] = np.nan
            self.values_wanted.emit(wanted)

    def clear(self) -> None:
        """The selected weights become 0; cut synapses stay cut."""
        sheet = self.numbers.sheet
        if sheet is not None and self._may_edit():
            self._want(self.selected() & ~sheet.cut, 0.0)

    def fill_down(self) -> None:
        """The first selected row goes into the rows below it."""
        sheet, box = self.numbers.sheet, self.box
        if sheet is None or box is None or not self._may_edit():
            return
        top, left, bottom, right = box
        wanted = np.full((sheet.rows, sheet.columns), np.nan)
        first = np.where(sheet.cut[top], np.nan, self.numbers.numbers[top])
        wanted[top + 1 : bottom + 1, left : right + 1] = first[left : right + 1]
        wanted[~sheet.there] = np.nan
        self.values_wanted.emit(wanted)

    def _want(self, where: Array, value: float) -> None:
        sheet = self.numbers.sheet
        if sheet is not None and where.any():
            self.values_wanted.emit(np.where(where & sheet.there, value, np.nan))

    def _may_edit(self) -> bool:
        if not self.numbers.mode.editable:
            self.numbers.refused.emit()
        return self.numbers.mode.editable

    def _typed(self, row: int, column: int, value: float) -> None:
        sheet = self.numbers.sheet
        if sheet is not None:
            wanted = np.full((sheet.rows, sheet.columns), np.nan)
            wanted[row, column] = value
            self._last = value
            self.values_wanted.emit(wanted)

    _last = 0.0
    """What was typed last: Ctrl and Enter put it into the whole selection."""

    def _go_on(self, rows: int, columns: int, fill: bool) -> None:
        """After a number was confirmed: on to the next cell, or the whole selection gets it."""
        self.setFocus()
        if fill:
            self._want(self.selected(), self._last)
            return
        at = self.currentIndex()
        self.go_to(at.row() + rows, at.column() + columns)

    def go_to(self, row: int, column: int) -> None:
        """That cell and no other; past the end of a row the next one begins."""
        rows, columns = self.numbers.rowCount(), self.numbers.columnCount()
        if column >= columns:
            row, column = row + 1, 0
        elif column < 0:
            row, column = row - 1, columns - 1
        if 0 <= row < rows:
            there = self.numbers.index(row, column)
            self.selectionModel().setCurrentIndex(there, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(there)

    def _current_moved(self, now: QModelIndex, _: QModelIndex) -> None:
        if self.hasFocus():
            self.pointed_at.emit((now.row(), now.column()) if now.isValid() else None)

    # ---------------------------------------------------------------- Qt's own

    def event(self, event: QEvent) -> bool:
        """Claims the keys of a spreadsheet before the window's shortcuts see them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._mine(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _mine(self, event: QKeyEvent) -> bool:
        if any(event.matches(each) for each in _STANDARD) or _fills(event):
            return True
        control = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if Qt.Key(event.key()) in _MOVES:
            return not event.modifiers() & Qt.KeyboardModifier.AltModifier
        return not control and event.text()[:1] in _STARTS and bool(event.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, standard = Qt.Key(event.key()), QKeySequence.StandardKey
        if event.matches(standard.Copy):
            self.copy()
        elif event.matches(standard.Cut):
            if self.copy():
                self.clear()
        elif event.matches(standard.Paste):
            self.paste()
        elif _fills(event):
            self.fill_down()
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.clear()
        elif key in ENTER:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._go_on(-1 if back else 1, 0, False)
        elif not self._mine(event):
            event.ignore()
        elif event.text()[:1] in _STARTS and event.text() and not self._may_edit():
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.indexAt(event.position().toPoint())
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and at.isValid():
            self.explanation_wanted.emit(at.row(), at.column())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = self.indexAt(event.position().toPoint())
        self.pointed_at.emit((at.row(), at.column()) if at.isValid() else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed_at.emit(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.pointed_at.emit(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())


def _fills(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier
