"""The choice of the data set: a combo box with the groups as headings, and the set's own knobs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.core.knobs import knobs
from engine.core.shapes import spoken
from engine.core.spec import Spec
from engine.data_of import TABLE
from engine.datasets import Data, datasets
from engine.datasets.base import Task
from engine.document import Document
from gui import icons
from gui.theme import Theme
from gui.widgets.knob_fields import quiet
from gui.widgets.knob_form import KnobForm

ORDER = ("Gates", "Generated", "Real", "Images", "Sequences", "Text")
"""The groups that come first; others follow, and the user's own table comes last."""


class DataCombo(QComboBox):
    """Data sets by group; the user's own table is there as soon as one was opened."""

    picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Data set"))
        quiet(self)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setMaxVisibleItems(30)
        self._kind = ""
        groups: dict[str, list[tuple[str, str, str]]] = {group: [] for group in ORDER}
        for cls in datasets:
            if cls.kind != TABLE:
                groups.setdefault(cls.group, []).append((cls.title, cls.kind, cls.summary))
        own = self.tr("The table that was opened last.")
        groups.setdefault("Own", []).append((self.tr("Own data"), TABLE, own))
        model = QStandardItemModel(self)
        titles = {
            "Gates": self.tr("Gates"),
            "Generated": self.tr("Generated"),
            "Real": self.tr("Real"),
            "Images": self.tr("Images"),
            "Sequences": self.tr("Sequences"),
            "Text": self.tr("Text"),
            "Own": self.tr("Own"),
        }
        for group, entries in groups.items():
            if not entries:
                continue
            head = QStandardItem(titles.get(group, group))
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setFont(theme.fonts.small)
            model.appendRow(head)
            for title, kind, summary in entries:
                item = QStandardItem("  " + title)
                item.setData(kind, Qt.ItemDataRole.UserRole)
                item.setToolTip(summary)
                model.appendRow(item)
        self.setModel(model)
        self.activated.connect(self._activated)

    def show_document(self, document: Document) -> None:
        """Which data set is chosen; own data can be chosen only when there is some."""
        self._kind = document.data.kind
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(model.rowCount()):
            if model.item(row).data(Qt.ItemDataRole.UserRole) == TABLE:
                model.item(row).setEnabled(document.table is not None)
        self.setCurrentIndex(self.findData(self._kind))

    def _activated(self, place: int) -> None:
        kind = self.itemData(place)
        if kind and kind != self._kind:
            self._kind = kind
            self.picked.emit(kind)


class DataSection(QWidget):
    """``chosen(spec, text, gesture)`` is the data set that the user wants."""

    chosen = Signal(object, str, str)
    finished = Signal()
    cancelled = Signal()
    csv_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.combo = DataCombo(theme)
        self.combo.picked.connect(self._pick)
        self.form: KnobForm | None = None
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setFont(theme.fonts.small)
        self.about.setStyleSheet(f"color: {theme.css('text-muted')}")
        self.open = QPushButton(icons.icon("folder-open", theme), self.tr("Open a CSV file…"))
        self.open.setAccessibleName(self.tr("Open a CSV file with your own data"))
        self.open.clicked.connect(self.csv_wanted)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.space(0.75))
        for widget in (self.combo, self.about, self.open):
            self.column.addWidget(widget)

    def show_document(self, document: Document, data: Data | None) -> None:
        """The data set of the document with its knobs, and what is in it."""
        self.combo.show_document(document)
        spec = document.data
        if self.form is not None and self.form.spec.kind != spec.kind:
            self.column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        if self.form is not None:
            self.form.show_spec(spec)
        elif spec.kind in datasets and spec.kind != TABLE and knobs(datasets[spec.kind]):
            self.form = KnobForm("data set", spec, self.theme)
            self.form.changed.connect(self.chosen)
            self.form.finished.connect(self.finished)
            self.form.cancelled.connect(self.cancelled)
            self.column.insertWidget(1, self.form)
        self.show_data(data)

    def show_data(self, data: Data | None) -> None:
        """How large the data is, what is to be predicted, and where it is from."""
        if data is None:
            self.about.clear()
            return
        size = self.tr("{0} examples, {1} features").format(data.m, data.n)
        if data.symbols:
            size = self.tr("{0} texts of {1} symbols").format(data.m, data.n)
        elif data.shape:
            size = self.tr("{0} examples of the shape {1}").format(data.m, spoken(data.shape))
        what = {
            Task.BINARY: self.tr("two classes"),
            Task.CLASSES: self.tr("{0} classes").format(len(data.classes) if data.coded else data.k),
            Task.REGRESSION: self.tr("a number to predict"),
        }[data.task]
        self.about.setText(f"{size}, {what}. {data.source}")

    def _pick(self, kind: str) -> None:
        title = self.combo.currentText().strip()
        self.chosen.emit(Spec(kind), self.tr("Choose the data {0}").format(title), "")
