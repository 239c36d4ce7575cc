"""The numbers of a sheet as Qt's table model: quick for any size, because it only points at them."""

from __future__ import annotations

import math
from enum import Enum

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from engine.core.plan import Array
from engine.session import Snapshot
from gui.panels.weighing.sheet import Sheet
from gui.widgets.numbers import as_fraction, format_fixed, format_full, format_number, writing

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
DECIMALS = 3
# Qt asks for these with every cell it paints, and to put flags together takes a while
_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_WRITE = _READ | Qt.ItemFlag.ItemIsEditable


class Mode(Enum):
    """Which numbers of the weights are shown."""

    NOW = "now"
    INITIAL = "initial"
    CHANGE = "change"
    GRADIENT = "gradient"

    @property
    def editable(self) -> bool:
        """Whether they can be set; the others are calculated."""
        return self in {Mode.NOW, Mode.INITIAL}


class WeightModel(QAbstractTableModel):
    """``sheet`` says what stands where, ``numbers`` is the newest matrix of them."""

    typed = Signal(int, int, float)
    """A number was typed into a cell."""
    refused = Signal()
    """Somebody tries to type where numbers are calculated."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet: Sheet | None = None
        self.mode = Mode.NOW
        self._editable = True
        self.numbers: Array = np.zeros((0, 0))
        self.largest = 1.0
        """The largest size of a number, for the colours."""
        self.lit: frozenset[tuple[int, int]] = frozenset()
        """Cells that light up because the mouse is on them, here or on the canvas."""
        self.calm = True
        """Whether the numbers stand still: then a third is written 1/3."""
        self.row_names: tuple[str, ...] = ()
        self.column_names: tuple[str, ...] = ()

    # ---------------------------------------------------------------- what is shown

    def set_sheet(self, sheet: Sheet | None, rows: tuple[str, ...], columns: tuple[str, ...]) -> None:
        """Another parameter; ``rows`` and ``columns`` are names of its units, if they have any."""
        old = self.sheet
        if old is not None and sheet is not None and old.same_place(sheet):
            self.sheet, self.row_names, self.column_names = sheet, rows, columns
            self._tell()
            return
        self.beginResetModel()
        self.sheet, self.row_names, self.column_names = sheet, rows, columns
        self.numbers, self.lit = np.zeros((0, 0)), frozenset()
        self.endResetModel()

    def set_mode(self, mode: Mode) -> None:
        """Other numbers of the same weights."""
        self.mode, self._editable = mode, mode.editable
        self._tell()

    def show(self, snapshot: Snapshot) -> bool:
        """Newer numbers; whether they belong to the sheet."""
        found = self._of(snapshot)
        if found is None:
            return False
        self.calm = not snapshot.running
        sizes = np.abs(found[np.isfinite(found)])
        largest = float(sizes.max()) if len(sizes) else 0.0
        self.numbers, self.largest = found, largest or 1.0
        self._tell()
        return True

    def light(self, places: frozenset[tuple[int, int]]) -> None:
        """Light up these cells and no others."""
        if places != self.lit:
            self.lit = places
            self._tell()

    def value(self, row: int, column: int) -> float | None:
        """The number in a cell, if there is one."""
        if not (row < self.numbers.shape[0] and column < self.numbers.shape[1]) or self.is_cut(row, column):
            return None
        if self.sheet is None or not self.sheet.there[row, column]:
            return None
        return float(self.numbers[row, column])

    def is_cut(self, row: int, column: int) -> bool:
        """Whether a cell is a synapse that was cut."""
        return self.sheet is not None and bool(self.sheet.cut[row, column])

    def text(self, row: int, column: int) -> str:
        """The number as it is written in the cell."""
        value = self.value(row, column)
        return "" if value is None else written(value, self.calm)

    def _of(self, snapshot: Snapshot) -> Array | None:
        if self.sheet is None:
            return None
        match self.mode:
            case Mode.NOW:
                return self.sheet.numbers(snapshot.parameters)
            case Mode.INITIAL:
                return self.sheet.numbers(snapshot.initial)
            case Mode.CHANGE:
                now, first = self.sheet.numbers(snapshot.parameters), self.sheet.numbers(snapshot.initial)
                return now - first if now is not None and first is not None else None
        found = self.sheet.numbers(snapshot.gradients) if gradients_known(snapshot) else None
        return found if found is not None else np.full((self.sheet.rows, self.sheet.columns), np.nan)

    def _tell(self) -> None:
        rows, columns = self.rowCount(), self.columnCount()
        if rows and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))

    # ---------------------------------------------------------------- Qt's own

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if self.sheet is None or (parent is not None and parent.isValid()) else self.sheet.rows

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if self.sheet is None or (parent is not None and parent.isValid()) else self.sheet.columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.sheet is None or not self._editable or not self.sheet.there[index.row(), index.column()]:
            return _READ
        return _WRITE

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if self.sheet is None or not index.isValid():
            return None
        if role == Role.DisplayRole:
            return self.text(row, column)
        if role == Role.EditRole:
            return self.value(row, column)
        if role == Role.ToolTipRole:
            value = self.value(row, column)
            return None if value is None or not math.isfinite(value) else format_full(value)
        if role == Role.AccessibleTextRole:
            return f"{self.sheet.symbol_at(row, column).text} {self._spoken(row, column)}".strip()
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _spoken(self, row: int, column: int) -> str:
        if self.is_cut(row, column):
            return self.tr("cut")
        locked = self.sheet is not None and bool(self.sheet.locked[row, column])
        text = self.text(row, column)
        return self.tr("{0}, locked").format(text) if locked else text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if self.sheet is None or role not in {Role.DisplayRole, Role.AccessibleTextRole}:
            return None
        across = orientation == Qt.Orientation.Horizontal
        symbol = self.sheet.column_symbol(section) if across else self.sheet.row_symbol(section)
        names = self.column_names if across else self.row_names
        return f"{symbol.text} {names[section] if section < len(names) else ''}".strip()

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole or not isinstance(value, float):
            return False
        self.typed.emit(index.row(), index.column(), value)
        return True


def written(value: float, calm: bool = True) -> str:
    """A weight in a narrow cell: three decimals, what is short and exact as it is, a third as 1/3."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if writing().decimals is not None:
        return format_number(value)
    if calm:
        if round(value, DECIMALS) == value:
            return format_number(value)
        fraction = as_fraction(value)
        if fraction is not None:
            return fraction
    if 0.001 <= size < 1000:
        return format_fixed(value, DECIMALS)
    return format_number(value, 1 if 1e-4 <= size < 0.001 else 2 if size < 1e-4 else 4)


def exactly(value: float) -> str:
    """A weight with every digit, or as the fraction that it is."""
    if round(value, DECIMALS) != value and (fraction := as_fraction(value)) is not None:
        return fraction
    return format_full(value)


def gradients_known(snapshot: Snapshot) -> bool:
    """Whether an update was made since the network was last edited: before it there are no gradients."""
    return snapshot.step > 0 and any(array.any() for array in snapshot.gradients.values())
