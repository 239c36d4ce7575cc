"""What several layers have in common besides the knobs of their kinds: units, frozen or not, the group."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel

from engine.core.knobs import Knob
from engine.document import Document
from engine.document.edits import MOST_UNITS, set_layer, set_units
from engine.layers import layers
from gui.panels.inspecting.belonging import Belonging
from gui.panels.inspecting.page import Page
from gui.widgets.knob_fields import IntField
from gui.widgets.knob_form import Row

translate = QCoreApplication.translate


class CommonFields:
    """Rows that change all layers at once, each change one undo entry."""

    def __init__(self, page: Page, form: QFormLayout, chosen: Iterable[str]) -> None:
        self._page, self.layers = page, tuple(chosen)
        document = page.workspace.document
        kinds = [layers[document.layer(each).spec.kind] for each in self.layers]
        self.units: IntField | None = None
        # the data say how many units inputs and outputs have
        if all(kind.sized and kind.role == "hidden" for kind in kinds):
            knob = Knob(
                "units", translate("Inspector", "Units"), None, minimum=1, maximum=MOST_UNITS, optional=True,
                none_label=translate("Inspector", "different"),
            )  # fmt: skip
            self.units = IntField(knob)
            self._units_row = Row(self.units, page.theme)
            label = QLabel(knob.label)
            label.setBuddy(self.units)
            form.addRow(label, self._units_row)
            self.units.edited.connect(self._set_units)
            page.end_with(self.units)
        self.belonging = Belonging(page, form, self.layers)
        self.frozen = QCheckBox(translate("Inspector", "Frozen: training leaves them as they are"))
        self.frozen.clicked.connect(self._freeze)
        form.addRow(self.frozen)

    def show_document(self, document: Document) -> None:
        """The values that they share."""
        found = [document.layer(each) for each in self.layers]
        if self.units is not None:
            sizes = {each.size for each in found}
            self.units.set_value(sizes.pop() if len(sizes) == 1 else None)
        frozen = sum(each.frozen for each in found)
        states = Qt.CheckState
        mixed = 0 < frozen < len(found)
        self.frozen.setTristate(mixed)
        self.frozen.setCheckState(
            states.PartiallyChecked if mixed else states.Checked if frozen else states.Unchecked
        )
        self.belonging.show_document(document)

    def _set_units(self, units: int | None, gesture: str) -> None:
        page, document = self._page, self._page.workspace.document

        def edit() -> Document:
            made = document
            for each in self.layers if units is not None else ():
                assert units is not None
                made = set_units(made, layer=each, units=units)
            return made

        text = translate("Inspector", "Set units to {0}").format(units)
        self._units_row.complain(page.apply(text, edit, gesture))
        self.show_document(page.workspace.document)

    def _freeze(self) -> None:
        document = self._page.workspace.document
        frozen = not all(document.layer(each).frozen for each in self.layers)

        def edit() -> Document:
            made = document
            for each in self.layers:
                made = set_layer(made, layer=each, frozen=frozen)
            return made

        text = translate("Inspector", "Freeze layers")
        if not frozen:
            text = translate("Inspector", "Let layers learn again")
        trouble = self._page.apply(text, edit)
        if trouble:
            self._page.workspace.say(trouble)
        self.show_document(self._page.workspace.document)
