"""The inspector's page of several things: what can be done for all of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QPushButton, QWidget

from engine.core.knobs import knobs
from engine.core.spec import Spec
from engine.document import Document
from engine.document.edits import cut_synapse, disconnect, lock_synapse, remove_layer, remove_units
from engine.document.notes import remove_notes
from engine.layers import layers
from gui import icons
from gui.panels.inspecting.common_fields import CommonFields
from gui.panels.inspecting.page import Page, title_of
from gui.selection import Selection
from gui.widgets.knob_form import KnobForm
from gui.workspace import Workspace


class SeveralPage(Page):
    """Settings of all layers, locking of all synapses, and removing; each is one undo entry."""

    def __init__(self, workspace: Workspace, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.selection = selection
        document = workspace.document
        count = len(selection)
        heading = self.tr("{0} things selected").format(count)
        if count == len(selection.layers):
            heading = self.tr("{0} layers selected").format(count)
        elif count == len(selection.synapses):
            heading = self.tr("{0} synapses selected").format(count)
        elif count == len(selection.units):
            heading = self.tr("{0} neurons selected").format(count)
        if count == len(selection.wires) == 1:
            source, target = next(iter(selection.wires))
            ends = title_of(document, source), title_of(document, target)
            heading = self.tr("Connection from {0} to {1}").format(*ends)
        self.heading(heading)
        chosen = [each.id for each in document.order() if each.id in selection.layers]
        self.layers, self.common = _common(document, chosen)
        """The layers with settings in common, the one whose settings are shown first; and the names."""
        self.form: KnobForm | None = None
        self.common_fields: CommonFields | None = None
        if chosen:
            form = self.section(self.tr("Settings of all selected layers"))
            self.common_fields = CommonFields(self, form, chosen)
        self.differing = self.muted("")
        if self.common:
            self.form = KnobForm("layer", document.layer(self.layers[0]).spec, self.theme)
            self.form.show_only(self.common)
            self.bind(self.form, self._with_spec)
            self.column.addWidget(self.form)
            self.column.addWidget(self.differing)
        self.buttons: dict[str, QPushButton] = {}
        if selection.synapses:
            self._button("lock", self.tr("Lock the weights"), "lock", lambda: self._lock(True))
            self._button("unlock", self.tr("Unlock the weights"), "lock-open", lambda: self._lock(False))
        only_synapses = not (selection.layers or selection.units or selection.notes)  # or connections
        words = (
            self.tr("Cut")
            if count == 1
            else self.tr("Cut all of them")
            if only_synapses
            else self.tr("Remove all of them")
        )
        self._button("remove", words, "scissors" if only_synapses else "trash-2", self._remove)
        self.column.addStretch(1)
        self.show_document()
        self.align()

    def show_document(self) -> None:
        document = self.workspace.document
        if self.common_fields is not None:
            self.common_fields.show_document(document)
        if self.form is None:
            return
        self.form.show_spec(document.layer(self.layers[0]).spec)
        labels = [self.form.field(name).knob.label for name in self.common if self._differ(document, name)]
        self.differing.setText(
            self.tr("They differ in {0}: what is shown is that of {1}.").format(
                ", ".join(labels), title_of(document, self.layers[0])
            )
        )
        self.differing.setVisible(bool(labels))

    def _differ(self, document: Document, name: str) -> bool:
        """Whether the layers that have a knob have different values of it."""
        specs = [document.layer(id).spec for id in self.layers]
        defaults = [{each.name: each.default for each in knobs(layers[spec.kind])} for spec in specs]
        values = [spec.get(name, own[name]) for spec, own in zip(specs, defaults, strict=True) if name in own]
        return any(each != values[0] for each in values)

    def _button(self, name: str, text: str, picture: str, run: Callable[[], object]) -> None:
        button = QPushButton(icons.icon(picture, self.theme), text)
        button.clicked.connect(lambda _: run())
        self.column.addWidget(button)
        self.buttons[name] = button

    def _with_spec(self, spec: Spec) -> Document:
        """The setting that was changed, in every selected layer that has it."""
        document = self.workspace.document
        shown = document.layer(self.layers[0]).spec
        names = {name for one in (spec, shown) for name, _ in one if spec.get(name) != shown.get(name)}
        for id in self.layers:
            layer = document.layer(id)
            own = {each.name: each.default for each in knobs(layers[layer.spec.kind])}
            changed = {name: spec.get(name, own[name]) for name in names if name in own}
            document = document.with_layer(replace(layer, spec=layer.spec.with_(**changed)))
        return document

    def _lock(self, locked: bool) -> None:
        def done(document: Document) -> Document:
            for source, sender, target, receiver in self.selection.synapses:
                document = lock_synapse(
                    document, source=source, sender=sender, target=target, receiver=receiver, locked=locked
                )
            return document

        self.workspace.editing.attempt(self.tr("Lock weights") if locked else self.tr("Unlock weights"), done)

    def _remove(self) -> None:
        selection = self.selection

        def done(document: Document) -> Document:
            for source, sender, target, receiver in selection.synapses:
                document = cut_synapse(
                    document, source=source, sender=sender, target=target, receiver=receiver
                )
            for source, target in selection.wires:
                document = disconnect(document, source=source, target=target)
            for layer in {layer for layer, _ in selection.units}:
                keys = [key for owner, key in selection.units if owner == layer]
                document = remove_units(document, layer=layer, keys=keys)
            for layer in selection.layers:
                if document.has(layer):
                    document = remove_layer(document, layer=layer)
            return remove_notes(document, ids=selection.notes)

        self.workspace.editing.attempt(self.buttons["remove"].text(), done)


def _common(document: Document, chosen: list[str]) -> tuple[list[str], list[str]]:
    """The layers that share settings, first the one that shares most, and the names of those settings.

    Not all need share them: with everything selected an activation is that of all layers that have one.
    """
    tables = {
        id: {each.name: (each.type, each.family) for each in knobs(layers[document.layer(id).spec.kind])}
        for id in chosen
    }
    counts = Counter(pair for table in tables.values() for pair in table.items())
    shared = {
        id: [name for name, what in table.items() if counts[name, what] > 1] for id, table in tables.items()
    }
    if not any(shared.values()):
        return [], []
    first = max(shared, key=lambda id: len(shared[id]))
    names, what = shared[first], tables[first]
    fit = [id for id in chosen if any(tables[id].get(name) == what[name] for name in names)]
    return sorted(fit, key=lambda id: id != first), names
