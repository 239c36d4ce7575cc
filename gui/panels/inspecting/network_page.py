"""The inspector's page of the network as a whole: data, loss, optimizer, training, first weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QWidget

from engine.core.knobs import Knob
from engine.core.problems import AxonError
from engine.core.spec import Spec, Value
from engine.document import Document
from engine.document.edits import rename, set_loss, set_optimizer, set_training
from engine.fitting import choose_data
from engine.session import Snapshot
from gui import icons
from gui.laid_out import layout_of
from gui.panels.inspecting.data_section import DataSection
from gui.panels.inspecting.more_section import MoreSection, more_knobs
from gui.panels.inspecting.page import Page
from gui.widgets.knob_fields import BoolField, Field, IntField, TextField
from gui.widgets.knob_form import FIELDS, KindField, Row, tidy, worded
from gui.workspace import Workspace


class NetworkPage(Page):
    """What holds for the whole network. Nothing here throws away what was learned, but for the two
    buttons that say so, and they can be undone."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.heading(self.tr("Network"))
        self.summary = self.muted("")
        self.column.addWidget(self.summary)
        tr = self.tr
        form = QFormLayout()
        tidy(form, self.theme)
        self.column.addLayout(form)
        self.name = self._field(form, TextField(Knob("name", tr("Name"), "")))

        self.section(tr("Data"))
        self.data = DataSection(self.theme)
        self.data.chosen.connect(self._choose_data)
        self.end_with(self.data)
        self.data.csv_wanted.connect(self.csv_wanted)
        self.column.addWidget(self.data)

        form = self.section(tr("Learning"))
        loss, optimizer = Spec("bce"), Spec("gradient_descent")
        self.loss = self._kind(form, KindField(Knob("loss", tr("Loss"), loss, family="loss"), self.theme))
        self.optimizer = self._kind(
            form, KindField(Knob("optimizer", tr("Optimizer"), optimizer, family="optimizer"), self.theme)
        )
        batch = Knob(
            "batch_size", tr("Batch size"), None, minimum=1, maximum=1_000_000, optional=True,
            none_label=tr("all"), help=tr("Examples an update; below 1 it says all."),
        )  # fmt: skip
        self.batch = self._field(form, IntField(batch))
        shuffle = Knob(
            "shuffle", tr("Shuffle"), False, help=tr("Every epoch takes the examples in another order.")
        )
        self.shuffle = self._field(form, BoolField(shuffle))
        self.more = MoreSection(self.theme)
        self.column.addWidget(self.more)
        self.settings: dict[str, Field] = {}
        for each in more_knobs():
            if each.type == "kind":
                self.settings[each.name] = self._kind(self.more.form, KindField(each, self.theme))
            else:
                self.settings[each.name] = self._field(self.more.form, FIELDS[each.type](each))

        form = self.section(tr("Initial weights"))
        seed = Knob(
            "seed", tr("Seed"), 1, minimum=1, maximum=999_999,
            help=tr("Draws the first weights and the order of the examples. The same seed draws the same."),
        )  # fmt: skip
        self.seed = self._field(form, IntField(seed))
        self.back = self._button("rotate-ccw", tr("Back to the initial weights (R)"), workspace.editing.reset)
        self.draw = self._button("dices", tr("Draw new ones"), workspace.editing.redraw)
        self.column.addStretch(1)
        self.show_document()
        self.align()
        self.show_numbers(workspace.snapshot)

    def show_document(self) -> None:
        document = self.workspace.document
        self.name.set_value(document.name)
        self.data.show_document(document, self.workspace.data)
        self.loss.set_value(document.loss)
        self.optimizer.set_value(document.optimizer)
        training = document.training
        self.batch.set_value(training.batch_size)
        self.shuffle.set_value(training.shuffle)
        for name, field in self.settings.items():
            field.set_value(getattr(training, name))
        self.more.show_training(training)
        self.seed.set_value(training.seed)
        self.summary.setText(self._counted(document))

    def show_numbers(self, snapshot: Snapshot) -> None:
        if snapshot.data is not None:
            self.data.show_data(snapshot.data)
        self.back.setEnabled(snapshot.parameters is not snapshot.initial)

    # ---------------------------------------------------------------- building

    def _field(self, form: QFormLayout, field: Field) -> Field:
        """A setting of the training, or the name."""
        row, label = Row(field, self.theme), QLabel(field.knob.label)
        label.setBuddy(field)
        for widget in (label, field):
            widget.setToolTip(field.knob.help)
        form.addRow(label, row)
        field.edited.connect(lambda value, gesture: self._set(row, value, gesture))
        self.end_with(field)
        return field

    def _kind(self, form: QFormLayout, field: KindField) -> KindField:
        """The loss, the optimizer or another kind of the training, with its own settings below."""
        row, label = Row(field, self.theme), QLabel(field.knob.label)
        label.setToolTip(field.knob.help)
        form.addRow(label, row)
        name = field.knob.label[:1].lower() + field.knob.label[1:]

        def pick(spec: Value, gesture: str) -> None:
            text = self.tr("Set {0} to {1}").format(name, worded(field.knob, spec))
            change(spec, text, gesture)

        def change(spec: Value, text: str, gesture: str) -> None:
            document, chosen = self.workspace.document, cast(Spec, spec)
            edits: dict[str, Callable[[], Document]] = {
                "loss": lambda: set_loss(document, spec=chosen),
                "optimizer": lambda: set_optimizer(document, spec=chosen),
            }
            training = lambda: set_training(document, **{field.knob.name: chosen})  # noqa: E731
            row.complain(self.apply(text, edits.get(field.knob.name, training), gesture))

        field.edited.connect(pick)
        field.described.connect(change)
        self.end_with(field)
        return field

    def _button(self, icon: str, text: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(icons.icon(icon, self.theme), text)
        button.clicked.connect(lambda _: act())
        self.column.addWidget(button)
        return button

    # ---------------------------------------------------------------- editing

    def _set(self, row: Row, value: Value, gesture: str) -> None:
        field = cast(Field, row.field)
        knob, document = field.knob, self.workspace.document
        try:
            checked = knob.checked(value)
        except AxonError as error:
            row.complain(str(error))
            return
        name = knob.label[:1].lower() + knob.label[1:]
        text = self.tr("Set {0} to {1}").format(name, worded(knob, checked))

        def edit() -> Document:
            if knob.name == "name":
                return rename(document, name=str(checked))
            return set_training(document, **{knob.name: checked})

        row.complain(self.apply(text, edit, gesture))

    def _choose_data(self, spec: Spec, text: str, gesture: str) -> None:
        document = self.workspace.document
        trouble = self.apply(text, lambda: choose_data(document, spec, document.table), gesture)
        if trouble:
            self.workspace.say(trouble)
            self.data.show_document(document, self.workspace.data)

    def _counted(self, document: Document) -> str:
        try:
            layout = layout_of(document)
        except AxonError as error:
            return str(error)
        counted = sum(1 for node in layout.active if node.number)
        return self.tr("{0} layers, {1} parameters").format(counted, layout.size)
