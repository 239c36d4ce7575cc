"""The inspector's page of one synapse."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QCheckBox, QFormLayout, QPushButton, QWidget

from engine.core.problems import AxonError
from engine.document import Document
from engine.document.edits import cut_synapse, lock_synapse
from engine.layout import Layout
from engine.learned import Learned
from engine.session import Snapshot
from engine.weights import with_initials
from gui import icons
from gui.explaining import Asked
from gui.explains import Explains
from gui.panels.inspecting.page import Page, script
from gui.panels.inspecting.weight_edit import WeightEdit
from gui.selection import Synapse
from gui.widgets.knob_form import tidy
from gui.widgets.number_edit import NumberEdit
from gui.widgets.number_label import show_number
from gui.workspace import Workspace


class SynapsePage(Page):
    """Weight, initial value, gradient and last change; lock and cut."""

    def __init__(self, workspace: Workspace, synapse: Synapse, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.synapse = synapse
        source, sender, target, receiver = synapse
        document = workspace.document
        i, j = document.layer(target).unit(receiver), document.layer(source).unit(sender)
        self.key, self.index = f"{target}.W.{source}", (i, j)
        self._before: tuple[int, float] | None = None
        self._change: float | None = None
        try:
            label = Layout(document).nodes[target].label
        except AxonError:
            label = "[ ]"
        self.heading(
            self.tr("Synapse {0}").format(script("w", label, f"{i + 1},{j + 1}")),
            self.tr("Multiplies the output of unit {0} of {1} on its way to unit {2} of {3}.").format(
                j + 1, document.layer(source).name or source, i + 1, document.layer(target).name or target
            ),
        )
        form = QFormLayout()
        tidy(form, self.theme)
        self.column.addLayout(form)
        self.weight = WeightEdit(workspace, self.key, self.index)
        self.initial = NumberEdit(0.0, fractions=True, name=self.tr("Initial value"))
        self.initial.committed.connect(self._set_initial)
        self._first = 0.0
        self.gradient, self.change = self.math(""), self.math("")
        Explains(self.gradient, workspace, lambda: self._asked("mean d"))
        Explains(self.change, workspace, lambda: self._asked("new "))
        form.addRow(self.tr("Weight"), self.weight)
        form.addRow(self.tr("Initial value"), self.initial)
        form.addRow(self.tr("Gradient ∂J/∂w"), self.gradient)
        form.addRow(self.tr("Last change"), self.change)
        self.lock = QCheckBox(self.tr("Locked: training leaves it as it is"))
        self.lock.clicked.connect(self._lock)
        self.column.addWidget(self.lock)
        self.cut = QPushButton(icons.icon("scissors", self.theme), self.tr("Cut this synapse"))
        self.cut.clicked.connect(self._cut)
        self.column.addWidget(self.cut)
        self.history = QPushButton(icons.icon("history", self.theme), self.tr("Show the history"))
        self.history.setToolTip(self.tr("The course of this weight over the updates"))
        self.history.clicked.connect(lambda: workspace.wanted.emit("history"))
        self.column.addWidget(self.history)
        self.table = QPushButton(icons.icon("table", self.theme), self.tr("Show the weights as a table"))
        self.table.clicked.connect(lambda: workspace.wanted.emit("weights"))
        self.column.addWidget(self.table)
        self.column.addStretch(1)
        self.show_document()
        self.show_numbers(workspace.snapshot)

    def show_document(self) -> None:
        source, sender, target, receiver = self.synapse
        wire = self.workspace.document.connection(source, target)
        self.lock.setChecked(wire is not None and (receiver, sender) in wire.locked)

    def show_numbers(self, snapshot: Snapshot) -> None:
        self.weight.follow(snapshot)
        first = self._cell(snapshot.initial)
        if first is not None and first != self._first:
            self._first = first
            self.initial.set_value(first)
        gradient = self._cell(snapshot.gradients)
        show_number(self.gradient, gradient)
        self._follow_change(snapshot, gradient)
        show_number(self.change, self._change)

    def _follow_change(self, snapshot: Snapshot, gradient: float | None) -> None:
        """What the last update did: exact from two snapshots side by side, or for gradient descent."""
        weight = self._cell(snapshot.parameters)
        if weight is None:
            return
        before, self._before = self._before, (snapshot.step, weight)
        document = self.workspace.document
        rate = document.optimizer.get("learning_rate", 0.5)
        if snapshot.step == 0:
            self._change = None
        elif self.lock.isChecked():
            self._change = 0.0
        elif document.optimizer.kind == "gradient_descent" and gradient is not None:
            assert isinstance(rate, float | int)
            self._change = -rate * gradient
        elif before is not None and snapshot.step == before[0] + 1:
            self._change = weight - before[1]
        elif before is None or snapshot.step != before[0]:
            self._change = None

    def _asked(self, stage: str) -> Asked | None:
        """The gradient or the new value that the last update found."""
        layer, array = self.key.split(".", 1)
        step = self.workspace.snapshot.step
        return Asked((layer, f"{stage}{array}", self.index, None), step - 1) if step else None

    def _cell(self, arrays: object) -> float | None:
        array = arrays.get(self.key) if hasattr(arrays, "get") else None
        if array is None or not all(i < side for i, side in zip(self.index, np.shape(array), strict=True)):
            return None
        return float(array[self.index])

    def _set_initial(self, value: float) -> None:
        if value == self._first:
            return
        self._first = value
        key, index, workspace = self.key, self.index, self.workspace

        def change(_: Document, learned: Learned) -> Learned:
            values = np.full(learned.initial[key].shape, np.nan)
            values[index] = value
            return with_initials(learned, values={key: values})

        name = workspace.symbol_of(key, index)
        text = self.tr("Set the initial value of {0}").format(name)
        workspace.editing.edit(text, workspace.document, change=change)

    def _lock(self, locked: bool) -> None:
        source, sender, target, receiver = self.synapse
        text = self.tr("Lock a weight") if locked else self.tr("Unlock a weight")
        self.workspace.editing.attempt(
            text, lock_synapse, source=source, sender=sender, target=target, receiver=receiver, locked=locked
        )

    def _cut(self) -> None:
        source, sender, target, receiver = self.synapse
        self.workspace.editing.attempt(
            self.tr("Cut a synapse"),
            cut_synapse,
            source=source,
            sender=sender,
            target=target,
            receiver=receiver,
        )
