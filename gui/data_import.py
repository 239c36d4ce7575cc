"""Importing a table: what was recognised can be seen and changed before it becomes the data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.core.problems import AxonError
from engine.datasets import Data
from engine.datasets.base import Task
from engine.imports import Table, propose_task, read_table, to_data
from gui.theme import Theme
from gui.translate import QT_TRANSLATE_NOOP

_DELIMITERS = (
    (",", QT_TRANSLATE_NOOP("DataImport", "Comma ,")),
    (";", QT_TRANSLATE_NOOP("DataImport", "Semicolon ;")),
    ("\t", QT_TRANSLATE_NOOP("DataImport", "Tab")),
    ("|", QT_TRANSLATE_NOOP("DataImport", "Bar |")),
    (" ", QT_TRANSLATE_NOOP("DataImport", "Blanks")),
)
_DECIMALS = (
    (".", QT_TRANSLATE_NOOP("DataImport", "Point, 0.5")),
    (",", QT_TRANSLATE_NOOP("DataImport", "Comma, 0,5")),
)
_TASKS = (
    (Task.BINARY, QT_TRANSLATE_NOOP("DataImport", "One of two classes")),
    (Task.CLASSES, QT_TRANSLATE_NOOP("DataImport", "One of several classes")),
    (Task.REGRESSION, QT_TRANSLATE_NOOP("DataImport", "A number (regression)")),
)


class DataImport(QDialog):
    """Asks for a file and how to read it; ``chosen`` brings the finished data."""

    chosen = Signal(object, str)
    """The ``Data`` and the file's name."""

    def __init__(self, theme: Theme, file: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import data"))
        self._theme = theme
        self._table: Table | None = None
        self._data: Data | None = None
        self.file = QLineEdit(str(file or ""))
        self.delimiter = self._box(self.tr("Columns are separated by"), _DELIMITERS)
        self.decimal = self._box(self.tr("Decimal sign"), _DECIMALS)
        self.header = QCheckBox(self.tr("The first row has the names of the columns"))
        self.target = self._box(self.tr("Target y"), ())
        self.task = self._box(self.tr("What is to be predicted"), _TASKS)
        self.standardise = QCheckBox(self.tr("Give every feature mean 0 and variance 1"))
        self.preview = QTableWidget()
        self.message = QLabel()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        self._connect()
        self.read()

    # ---------------------------------------------------------------- reading

    def read(self, *, again: bool = False) -> None:
        """Read the file; ``again`` with what the user chose instead of what is recognised."""
        self._table = None
        name = self.file.text().strip()
        if not name:
            self._say(self.tr("Choose a file with a table: one row an example, one column the target."))
            self._show_table()
            return
        try:
            if again:
                self._table = read_table(
                    Path(name),
                    delimiter=self.delimiter.currentData(),
                    decimal=self.decimal.currentData(),
                    header=self.header.isChecked(),
                )
            else:
                self._table = read_table(Path(name))
        except AxonError as error:
            self._say(str(error), wrong=True)
            self._show_table()
            return
        self._show_recognised()
        self._show_table()
        self.make()

    def make(self) -> None:
        """Make data of the table, with target and task as chosen; a problem is said in the dialog."""
        self._data = None
        table = self._table
        if table is not None and self.target.currentIndex() >= 0:
            try:
                self._data = to_data(
                    table,
                    target=self.target.currentIndex(),
                    task=Task(self.task.currentData()),
                    standardise=self.standardise.isChecked(),
                )
            except AxonError as error:
                self._say(str(error), wrong=True)
            else:
                self._say(self._summary(self._data))
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self._data is not None)

    def _summary(self, data: Data) -> str:
        sentence = self.tr("{m} examples, {n} features ({features}), target {target}.")
        names = ", ".join(data.features[:6]) + (", …" if data.n > 6 else "")
        words = {"m": str(data.m), "n": str(data.n), "features": names, "target": self.target.currentText()}
        for key, value in words.items():
            sentence = sentence.replace("{" + key + "}", value)
        if data.classes:
            listed = ", ".join(data.classes[:6]) + (", …" if len(data.classes) > 6 else "")
            sentence += " " + self.tr("Classes: {list}.").replace("{list}", listed)
        return sentence

    # ---------------------------------------------------------------- showing

    def _show_recognised(self) -> None:
        table = self._table
        assert table is not None
        self._quietly(self.delimiter, table.delimiter)
        self._quietly(self.decimal, table.decimal)
        self.header.blockSignals(True)
        self.header.setChecked(table.header)
        self.header.blockSignals(False)
        names = [column.name for column in table.columns]
        if names != [self.target.itemText(place) for place in range(self.target.count())]:
            self.target.blockSignals(True)
            self.target.clear()
            self.target.addItems(names)
            self.target.setCurrentIndex(len(names) - 1)
            self.target.blockSignals(False)
            self._propose()

    def _propose(self) -> None:
        if self._table is not None and self.target.currentIndex() >= 0:
            self._quietly(self.task, propose_task(self._table, self.target.currentIndex()))

    def _show_table(self) -> None:
        table, view = self._table, self.preview
        view.clear()
        view.setRowCount(0)
        view.setColumnCount(0)
        for widget in (self.delimiter, self.decimal, self.header):
            widget.setEnabled(bool(self.file.text().strip()))
        for widget in (self.target, self.task, self.standardise):
            widget.setEnabled(table is not None)
        if table is None:
            self._data = None
            self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)
            return
        view.setColumnCount(len(table.columns))
        view.setRowCount(len(table.head))
        view.setHorizontalHeaderLabels([column.name for column in table.columns])
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, cells in enumerate(table.head):
            for place, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if table.columns[place].type == "number":
                    item.setTextAlignment(right)
                view.setItem(row, place, item)
        self._mark_target()
        view.resizeColumnsToContents()

    def _mark_target(self) -> None:
        """The target column in strong letters, its heading with an arrow: not by colour alone."""
        if self._table is None:
            return
        for place, column in enumerate(self._table.columns):
            chosen = place == self.target.currentIndex()
            heading = self.preview.horizontalHeaderItem(place)
            if heading is not None:
                heading.setText(f"{column.name} → y" if chosen else column.name)
            for row in range(self.preview.rowCount()):
                item = self.preview.item(row, place)
                if item is not None:
                    item.setFont(self._theme.fonts.strong if chosen else self._theme.fonts.ui)

    def _say(self, sentence: str, *, wrong: bool = False) -> None:
        self.message.setText(("⚠ " if wrong else "") + sentence)
        colour = "error" if wrong else "text-muted"
        self.message.setStyleSheet(f"color: {self._theme.css(colour)}")

    # ---------------------------------------------------------------- building

    def _box(self, name: str, choices: tuple[tuple[str, str], ...]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for value, title in choices:
            box.addItem(self.tr(title), value)
        return box

    def _lay_out(self) -> None:
        theme = self._theme
        self.file.setReadOnly(True)
        self.file.setAccessibleName(self.tr("File"))
        self.preview.setAccessibleName(self.tr("The first rows"))
        self.preview.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.preview.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.preview.setMinimumHeight(theme.px(180))
        self.message.setWordWrap(True)
        self.message.setMinimumHeight(2 * self.message.fontMetrics().lineSpacing())
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.choose = QPushButton(self.tr("Choose…"))
        self.choose.setAccessibleName(self.tr("Choose a file"))
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.choose)
        form = QFormLayout()
        form.addRow(self.tr("File"), row)
        form.addRow(self.delimiter.accessibleName(), self.delimiter)
        form.addRow(self.decimal.accessibleName(), self.decimal)
        form.addRow("", self.header)
        form.addRow(self.target.accessibleName(), self.target)
        form.addRow(self.task.accessibleName(), self.task)
        form.addRow("", self.standardise)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.message)
        layout.addWidget(self._buttons)
        self.resize(theme.px(620), theme.px(600))

    def _connect(self) -> None:
        self.choose.clicked.connect(self._choose)
        self.delimiter.activated.connect(lambda: self.read(again=True))
        self.decimal.activated.connect(lambda: self.read(again=True))
        self.header.toggled.connect(lambda: self.read(again=True))
        self.target.currentIndexChanged.connect(self._target_changed)
        self.task.activated.connect(self.make)
        self.standardise.toggled.connect(self.make)
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)

    def _target_changed(self) -> None:
        self._propose()
        self._mark_target()
        self.make()

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a table"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Tables (*.csv *.tsv *.txt *.dat)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._chosen_file)
        dialog.open()

    def _chosen_file(self, file: str) -> None:
        self.file.setText(file)
        self.target.clear()
        self.read()

    def _accept(self) -> None:
        if self._data is not None:
            self.chosen.emit(self._data, Path(self.file.text()).name)
            self.accept()

    def _quietly(self, box: QComboBox, value: object) -> None:
        box.blockSignals(True)
        box.setCurrentIndex(max(0, box.findData(value)))
        box.blockSignals(False)
