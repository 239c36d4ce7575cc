"""The inspector's page of a note."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from engine.core.knobs import Knob
from engine.core.problems import AxonError
from engine.document.notes import note, remove_notes, write_note
from gui import icons
from gui.panels.inspecting.note_field import NoteField
from gui.panels.inspecting.page import Page, title_of
from gui.widgets.knob_form import Row
from gui.workspace import Workspace


class NotePage(Page):
    """Its text, and away with it."""

    def __init__(self, workspace: Workspace, id: str, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.id = id
        self.heading(self.tr("Note"))
        found = note(workspace.document, id)
        if found.layer:
            self.column.addWidget(
                self.muted(self.tr("on {0}").format(title_of(workspace.document, found.layer)))
            )
        self.text = NoteField(Knob("note", self.tr("Text"), ""))
        self.text.setToolTip(self.tr("Ctrl+Enter keeps it, Esc takes back what was typed."))
        self.text.edited.connect(self._write)
        self._row = Row(self.text, self.theme)
        self.column.addWidget(self._row)
        self.remove = QPushButton(icons.icon("trash-2", self.theme), self.tr("Remove the note"))
        self.remove.clicked.connect(self._remove)
        self.column.addWidget(self.remove)
        self.column.addStretch(1)
        self.show_document()

    def show_document(self) -> None:
        try:
            self.text.set_value(note(self.workspace.document, self.id).text)
        except AxonError as error:
            self._row.complain(str(error))

    def _write(self, text: str) -> None:
        document = self.workspace.document
        edit = lambda: write_note(document, id=self.id, text=text)  # noqa: E731
        self._row.complain(self.apply(self.tr("Write a note"), edit))

    def _remove(self) -> None:
        self.workspace.editing.attempt(self.tr("Remove a note"), remove_notes, ids=(self.id,))
