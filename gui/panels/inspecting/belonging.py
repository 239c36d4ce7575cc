"""Where layers belong on the canvas: the group that frames them, and the note of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCompleter, QFormLayout, QLabel, QWidget

from engine.core.knobs import Knob
from engine.document import Document
from engine.document.edits import set_layer
from engine.document.grouping import groups
from engine.document.notes import add_note, note_on, write_note
from engine.document.wording import cleaned
from gui.panels.inspecting.note_field import NoteField
from gui.panels.inspecting.page import Page
from gui.widgets.knob_fields import TextField
from gui.widgets.knob_form import Row


class Belonging:
    """The rows of a page for the group and, of a single layer, the note."""

    def __init__(self, page: Page, form: QFormLayout, layers: Iterable[str]) -> None:
        self._page, self.layers = page, tuple(layers)
        tr = QCoreApplication.translate
        self.group = TextField(Knob("group", tr("Inspector", "Group"), ""))
        help = tr("Inspector", "Layers of a group stand in one frame. Encoder/Block 1 is a group in a group.")
        self._group_row = self._add(form, self.group, help)
        self.group.edited.connect(self._set_group)
        self.note: NoteField | None = None
        if len(self.layers) == 1:
            self.note = NoteField(Knob("note", tr("Inspector", "Note"), ""))
            help = tr("Inspector", "A text that the canvas shows beside the layer. Ctrl+Enter keeps it.")
            self._note_row = self._add(form, self.note, help)
            self.note.edited.connect(self._set_note)

    def show_document(self, document: Document) -> None:
        """The group and the note as they are; of several layers the group that they share."""
        found = {document.layer(each).group for each in self.layers}
        self.group.line.setPlaceholderText(
            QCoreApplication.translate("Inspector", "none")
            if found == {""}
            else QCoreApplication.translate("Inspector", "different ones")
        )
        self.group.set_value(next(iter(found)) if len(found) == 1 else "")
        completer = QCompleter(list(groups(document)), self.group.line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.group.line.setCompleter(completer)
        if self.note is not None:
            note = note_on(document, self.layers[0])
            self.note.set_value(note.text if note is not None else "")

    def _add(self, form: QFormLayout, field: TextField | NoteField, help: str) -> Row:
        label, row = QLabel(field.knob.label), Row(field, self._page.theme)
        label.setBuddy(field)
        for widget in (label, field):
            assert isinstance(widget, QWidget)
            widget.setToolTip(help)
        form.addRow(label, row)
        return row

    def _set_group(self, name: str) -> None:
        page = self._page
        text = QCoreApplication.translate("Inspector", "Set the group to {0}").format(name)
        if not name:
            text = QCoreApplication.translate("Inspector", "Take out of the group")
        document = page.workspace.document
        self._group_row.complain(page.apply(text, lambda: into_group(document, self.layers, name)))
        self.show_document(page.workspace.document)

    def _set_note(self, text: str) -> None:
        page = self._page
        document, layer = page.workspace.document, self.layers[0]
        note = note_on(document, layer)

        def edit() -> Document:
            if note is not None:
                return write_note(document, id=note.id, text=text)
            return add_note(document, text=text, layer=layer) if cleaned(text, lines=True) else document

        said = QCoreApplication.translate("Inspector", "Write a note")
        self._note_row.complain(page.apply(said, edit))


def into_group(document: Document, layers: Iterable[str], group: str) -> Document:
    """These layers in a group, by its whole path; in none with an empty one. Folds of groups that are
    gone go with them."""
    path = "/".join(name for each in group.split("/") if (name := cleaned(each)))
    for layer in layers:
        document = set_layer(document, layer=layer, group=path)
    return replace(document, folded=document.folded & frozenset(groups(document)))
