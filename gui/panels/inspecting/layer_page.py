"""The inspector's page of one layer."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from engine.core.knobs import Knob, knobs
from engine.core.problems import AxonError
from engine.core.shapes import spoken
from engine.core.spec import Spec
from engine.document import Document
from engine.document.edits import MOST_UNITS, disconnect, rename_layer, set_layer, set_units
from engine.layers import layers
from engine.layout import Layout
from engine.regularizers import regularizers
from gui import icons
from gui.drawn import drawn
from gui.laid_out import layout_of
from gui.panels.inspecting.belonging import Belonging
from gui.panels.inspecting.page import Page, title_of
from gui.selection import Selection
from gui.widgets.knob_fields import IntField, TextField
from gui.widgets.knob_form import KnobForm, Row, tidy
from gui.workspace import Workspace


class LayerPage(Page):
    """Name, units, the kind's knobs, connections and the number of parameters."""

    def __init__(self, workspace: Workspace, layer: str, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.layer = layer
        document = workspace.document
        found = document.layer(layer)
        kind = layers[found.spec.kind]
        self.title = self.heading(kind.title, kind.summary)
        form = QFormLayout()
        tidy(form, self.theme)
        self.column.addLayout(form)
        self.name = TextField(Knob("name", self.tr("Name"), ""))
        self.name.edited.connect(self._rename)
        form.addRow(QLabel(self.tr("Name")), self.name)
        self.units = IntField(Knob("units", self.tr("Units"), 1, minimum=1, maximum=MOST_UNITS))
        self._units_row = Row(self.units, self.theme)
        self.units.edited.connect(self._set_units)
        self.end_with(self.units)
        self._units_label = QLabel(self.tr("Units"))
        form.addRow(self._units_label, self._units_row)
        for part in (self._units_label, self._units_row):
            part.setVisible(kind.sized)
        self.shape = QLabel()
        form.addRow(QLabel(self.tr("Output")), self.shape)
        self.form: KnobForm | None = None
        if knobs(kind):
            self.section(self.tr("Settings"))
            self.form = KnobForm("layer", found.spec, self.theme)
            self.bind(self.form, self._with_spec)
            self.column.addWidget(self.form)
        self.section(self.tr("Connections"))
        self.cuts: list[QToolButton] = []
        for wire in document.incoming(layer):
            self._wire(wire.source, layer, self.tr("from {0}").format(title_of(document, wire.source)))
        for wire in document.outgoing(layer):
            self._wire(layer, wire.target, self.tr("to {0}").format(title_of(document, wire.target)))
        if not document.incoming(layer) and not document.outgoing(layer):
            self.column.addWidget(self.muted(self.tr("None yet: drag from a neuron to another one.")))
        self.count = self.muted("")
        self.column.addWidget(self.count)
        self.shapes = self.muted("")
        self.column.addWidget(self.shapes)
        self.frozen = QCheckBox(self.tr("Frozen: training leaves it as it is"))
        self.frozen.clicked.connect(self._freeze)
        self.column.addWidget(self.frozen)
        self.regularizer = self.muted("")
        self.regularizer.setTextFormat(Qt.TextFormat.RichText)
        self.regularizer.setAccessibleName(self.tr("Regulariser"))
        self.regularizer.linkActivated.connect(lambda _: workspace.select(Selection()))
        self.column.addWidget(self.regularizer)
        self.belonging = Belonging(self, self.section(self.tr("On the canvas")), (layer,))
        self.column.addStretch(1)
        self.show_document()
        self.align()

    def show_document(self) -> None:
        document = self.workspace.document
        found = document.layer(self.layer)
        self.name.line.setPlaceholderText(found.id)
        self.name.set_value(found.name)
        self.units.set_value(found.size)
        self.belonging.show_document(document)
        if self.form is not None:
            self.form.show_spec(found.spec)
        try:
            layout = layout_of(document)
        except AxonError as error:
            self.count.setText(str(error))
            return
        kind = layers[found.spec.kind]
        self.title.setText(f"{kind.title} {layout.nodes[self.layer].label}")
        self._show_parameters(layout)

    def _show_parameters(self, layout: Layout) -> None:
        """How many there are, and the shape of each; and the shape of the output."""
        node = layout.nodes[self.layer]
        look = drawn(node.layer, node)
        self.shape.setText(spoken(look.shape) or self.tr("not known before it is connected"))
        slots = [slot for slot in layout.slots.values() if slot.layer == self.layer]
        learned = [slot for slot in slots if slot.learned]
        biases = sum(math.prod(slot.shape) for slot in learned if slot.part.bias)
        weights = sum(math.prod(slot.shape) for slot in learned if not slot.part.bias)
        text = self.tr("{0} weights + {1} biases = {2} parameters")
        self.count.setText(text.format(weights, biases, weights + biases))
        named = [f"{slot.part.name} {spoken(slot.shape)}" for slot in learned]
        kept = [f"{slot.part.name} {spoken(slot.shape)}" for slot in slots if not slot.learned]
        lines = [", ".join(named)] if named else []
        if kept:
            lines.append(self.tr("kept, not learned: {0}").format(", ".join(kept)))
        self.shapes.setText("\n".join(lines))
        self.shapes.setVisible(bool(lines))
        self.frozen.setVisible(bool(learned))
        self.regularizer.setVisible(bool(learned))
        chosen = self.workspace.document.training.regularizer.kind
        text = self.tr("Regulariser: {0}, {1}for the whole network{2}")
        link = f'<a href="network" style="color:{self.theme.css("accent")}">'
        self.regularizer.setText(text.format(regularizers[chosen].title.lower(), link, "</a>"))
        self.frozen.setChecked(node.layer.frozen)

    def _wire(self, source: str, target: str, text: str) -> None:
        row, label = QHBoxLayout(), QLabel(text)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        cut = QToolButton()
        cut.setIcon(icons.icon("scissors", self.theme))
        what = self.tr("Cut the connection {0}").format(text)
        cut.setToolTip(what)
        cut.setAccessibleName(what)
        cut.clicked.connect(lambda: self._cut(source, target))
        row.addWidget(label, 1)
        row.addWidget(cut)
        self.column.addLayout(row)
        self.cuts.append(cut)

    def _cut(self, source: str, target: str) -> None:
        self.workspace.editing.attempt(self.tr("Cut a connection"), disconnect, source=source, target=target)

    def _freeze(self, frozen: bool) -> None:
        text = self.tr("Freeze a layer") if frozen else self.tr("Let a layer learn again")
        self.workspace.editing.attempt(text, set_layer, layer=self.layer, frozen=frozen)

    def _rename(self, name: str) -> None:
        self.workspace.editing.attempt(self.tr("Name a layer"), rename_layer, layer=self.layer, name=name)

    def _set_units(self, units: int, gesture: str) -> None:
        document, layer = self.workspace.document, self.layer
        trouble = self.apply(
            self.tr("Set units to {0}").format(units),
            lambda: set_units(document, layer=layer, units=units),
            gesture,
        )
        self._units_row.complain(trouble)
        if trouble:
            self.units.set_value(document.layer(layer).size)

    def _with_spec(self, spec: Spec) -> Document:
        document = self.workspace.document
        return document.with_layer(replace(document.layer(self.layer), spec=spec))
