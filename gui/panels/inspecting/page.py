"""What the pages of the inspector share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QVBoxLayout, QWidget

from engine.core.problems import AxonError
from engine.document import Document
from engine.session import Snapshot
from gui.laid_out import layout_of
from gui.panels.inspecting.taking_back import take_back
from gui.widgets.knob_fields import Field
from gui.widgets.knob_form import KindField, KnobForm, tidy
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.inspecting.data_section import DataSection


class Page(QWidget):
    """A page about one thing. It is made anew when the thing is another one or gets other parts."""

    csv_wanted = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.theme = workspace.theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(self.theme.space(1))

    # ---------------------------------------------------------------- to override

    def show_document(self) -> None:
        """Show the document's settings; called after every edit."""

    def show_numbers(self, snapshot: Snapshot) -> None:
        """Show the newest numbers."""

    # ---------------------------------------------------------------- building

    def heading(self, text: str, note: str = "") -> QLabel:
        """The title of the page, with a sentence below."""
        title = QLabel(text)
        title.setTextFormat(Qt.TextFormat.RichText)
        title.setWordWrap(True)
        font = QFont(self.theme.fonts.strong)
        font.setPointSizeF(1.15 * font.pointSizeF())
        title.setFont(font)
        self.column.addWidget(title)
        if note:
            self.column.addWidget(self.muted(note))
        return title

    def section(self, text: str) -> QFormLayout:
        """A heading with a line and a form below it."""
        title = QLabel(text)
        title.setFont(self.theme.fonts.strong)
        line = QFrame()
        line.setFixedHeight(1)
        line.setStyleSheet(f"background: {self.theme.css('border')}")
        self.column.addSpacing(self.theme.space(0.5))
        self.column.addWidget(title)
        self.column.addWidget(line)
        form = QFormLayout()
        tidy(form, self.theme)
        self.column.addLayout(form)
        return form

    def align(self) -> None:
        """The labels of all forms of the page take the same width."""
        inner = {form for field in self.findChildren(KindField) for form in field.findChildren(QFormLayout)}
        labels: list[QWidget] = []
        for form in self.findChildren(QFormLayout):
            for row in range(0 if form in inner else form.rowCount()):
                item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
                label = item.widget() if item is not None else None
                if label is not None:
                    labels.append(label)
        width = max((label.sizeHint().width() for label in labels), default=0)
        for label in labels:
            label.setMinimumWidth(width)

    def muted(self, text: str) -> QLabel:
        """A quiet sentence."""
        label = QLabel(text)
        label.setWordWrap(True)
        label.setFont(self.theme.fonts.small)
        label.setStyleSheet(f"color: {self.theme.css('text-muted')}")
        return label

    def math(self, text: str) -> QLabel:
        """A symbol or number in the fonts of the mathematics."""
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setFont(self.theme.fonts.math)
        return label

    # ---------------------------------------------------------------- editing

    def apply(self, text: str, edit: Callable[[], Document], gesture: str = "") -> str:
        """Make an edit; the sentence that refuses it, or an empty text."""
        try:
            document = edit()
            layout_of(document)
        except AxonError as error:
            return str(error)
        self.workspace.editing.edit(text, document, merge=gesture or None)
        return ""

    def end_with(self, field: Field | KnobForm | DataSection) -> None:
        """Where the field's gesture ends, the next edit is an entry of its own; Esc leaves none at all."""
        field.finished.connect(self.workspace.editing.end_merge)
        field.cancelled.connect(lambda: take_back(self.workspace))

    def bind(self, form: KnobForm, edit: Callable[..., Document]) -> None:
        """Every change of a form becomes an edit: ``edit(spec)`` gives the document wanted."""

        def changed(spec: object, text: str, gesture: str) -> None:
            before = form.spec
            trouble = self.apply(text, lambda: edit(spec), gesture)
            if trouble:
                self.workspace.say(trouble)
                form.show_spec(before)

        form.changed.connect(changed)
        self.end_with(form)


def script(letter: str, above: str, below: str) -> str:
    """A symbol with its indices, as rich text: w, [1], 2,3."""
    return f"<i>{letter}</i><sup>{above}</sup><sub>{below}</sub>"


def title_of(document: Document, layer: str, label: str = "") -> str:
    """What a layer is called: its name, or its id."""
    found = document.layer(layer)
    return f"{found.name or found.id} {label}".strip()
