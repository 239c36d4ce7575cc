"""The inspector's page of one neuron: its numbers, its bias, its incoming weights."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFormLayout, QWidget

from engine.core.problems import AxonError
from engine.session import Snapshot
from engine.session.probes import UnitsOfExample
from gui.explaining import Asked
from gui.explains import Explains
from gui.laid_out import layout_of
from gui.panels.inspecting import UNITS
from gui.panels.inspecting.page import Page, script
from gui.panels.inspecting.weight_edit import WeightEdit
from gui.widgets.knob_form import tidy
from gui.widgets.number_label import show_number
from gui.workspace import Workspace

MOST_WEIGHTS = 64
"""More incoming weights than these are not listed one by one."""


class UnitPage(Page):
    """z and a for the chosen example, the bias and every incoming weight."""

    def __init__(self, workspace: Workspace, layer: str, key: int, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.layer, self.key = layer, key
        self.edits: list[WeightEdit] = []
        document = workspace.document
        self.place = document.layer(layer).unit(key)
        try:
            self.layout_of = layout_of(document)
        except AxonError as error:
            self.heading(self.tr("Neuron"), str(error))
            self.column.addStretch(1)
            return
        node = self.layout_of.nodes[layer]
        self.is_input = node.kind.role == "input"
        named = self.tr("Input {0}") if self.is_input else self.tr("Neuron {0} of layer {1}")
        self.heading(named.format(self.place + 1, node.label))
        self.example = self.muted("")
        self.column.addWidget(self.example)
        form = QFormLayout()
        tidy(form, self.theme)
        self.column.addLayout(form)
        below = str(self.place + 1)
        self.z, self.a = self.math(""), self.math("")
        for label, array in ((self.z, "z"), (self.a, "a")):
            Explains(label, workspace, partial(self._asked, array))
        if self.is_input:
            form.addRow(self.math(script("x", "", below)), self.a)
        else:
            form.addRow(self.math(script("z", node.label, below)), self.z)
            form.addRow(self.math(script("a", node.label, below)), self.a)
            self._weights(node.label)
        self.column.addStretch(1)
        workspace.link.watch(UNITS, UnitsOfExample(workspace.example), 0.05)
        self.show_document()
        self.show_numbers(workspace.snapshot)

    def show_document(self) -> None:
        if hasattr(self, "example"):
            self.example.setText(self.tr("for example x({0})").format(self.workspace.example + 1))
            self.workspace.link.watch(UNITS, UnitsOfExample(self.workspace.example), 0.05)

    def show_numbers(self, snapshot: Snapshot) -> None:
        for edit in self.edits:
            edit.follow(snapshot)
        answer = snapshot.answers.get(UNITS)
        arrays = answer.get(self.layer) if isinstance(answer, dict) else None
        if not hasattr(self, "z"):
            return
        for label, name in ((self.z, "z"), (self.a, "a")):
            values = arrays.get(name) if arrays is not None else None
            here = values[self.place] if values is not None and self.place < len(values) else None
            show_number(label, here, near_zero=True)

    def _asked(self, array: str) -> Asked:
        walk = self.workspace.walk
        example = self.workspace.example if walk is None else walk.example or 0
        return Asked((self.layer, array, (self.place,), example))

    def _weights(self, label: str) -> None:
        document, i = self.workspace.document, self.place
        biased = self.layout_of.slots.get(f"{self.layer}.b")
        if biased is not None:
            form = self.section(self.tr("Bias"))
            self._add(form, script("b", label, str(i + 1)), f"{self.layer}.b", (i, 0))
        form = self.section(self.tr("Incoming weights"))
        left = MOST_WEIGHTS
        for wire in document.incoming(self.layer):
            source = document.layer(wire.source)
            behind = self.layout_of.nodes[wire.source]
            for j, sender in enumerate(source.units):
                if (self.key, sender) in wire.cut or left == 0:
                    continue
                left -= 1
                symbol = script("w", label, f"{i + 1},{j + 1}")
                above = "" if behind.kind.role == "input" else behind.label
                letter = "x" if behind.kind.role == "input" else "a"
                come = script(letter, above, str(j + 1))
                locked = " 🔒" if (self.key, sender) in wire.locked else ""
                self._add(form, f"{symbol} · {come}{locked}", f"{self.layer}.W.{wire.source}", (i, j))
        if left == 0:
            form.addRow(self.muted(self.tr("The first {0} weights are listed.").format(MOST_WEIGHTS)))
        if left == MOST_WEIGHTS:
            form.addRow(self.muted(self.tr("None: no synapse leads to this neuron.")))

    def _add(self, form: QFormLayout, symbol: str, key: str, index: tuple[int, ...]) -> None:
        label, edit = self.math(symbol), WeightEdit(self.workspace, key, index)
        label.setBuddy(edit)
        form.addRow(label, edit)
        self.edits.append(edit)
