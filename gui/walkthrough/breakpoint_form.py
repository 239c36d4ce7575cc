"""The form for one more breakpoint: which event, where, and the settings of its kind."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.breakpoints import breakpoints, titled
from engine.core.knobs import knobs
from engine.core.problems import AxonError
from engine.core.spec import Spec, Value
from gui.laid_out import layout_of
from gui.theme import Theme
from gui.widgets.knob_fields import quiet
from gui.widgets.knob_form import KindCombo, KnobForm
from gui.workspace import Workspace

PLACES = ("layer", "source", "receiver", "sender", "unit")
"""Settings that say where in the network: one list stands for all of them."""
Place = tuple[tuple[str, Value], ...]


class BreakpointForm(QFrame):
    """``ended`` when one was added or not. What is selected on the canvas is proposed as the place."""

    ended = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breakpoint-form")
        self.workspace = workspace
        theme = workspace.theme
        self.kinds = KindCombo("breakpoint", self.tr("Event"), theme)
        self.kinds.picked.connect(self.show_kind)
        self._where = QLabel(self.tr("Where"))
        self.places = QComboBox()
        self.places.setAccessibleName(self.tr("Where"))
        self.places.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.places.setMinimumContentsLength(8)
        quiet(self.places)
        self.places.activated.connect(lambda _: self._show_settings())
        self._where.setBuddy(self.places)
        self.form: KnobForm | None = None
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        self.ok = QPushButton(self.tr("Add"))
        self.ok.clicked.connect(self._add)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.ended)
        self._column = QVBoxLayout(self)
        for each in (self.kinds, self._where, self.places, self.trouble):
            self._column.addWidget(each)
        last = QHBoxLayout()
        last.addWidget(self.ok)
        last.addWidget(self.cancel)
        last.addStretch(1)
        self._column.addLayout(last)
        self._around: object = None
        self.show_kind("sign" if workspace.selection.synapses else "example")
        self.restyle(theme)

    @property
    def spec(self) -> Spec:
        """The breakpoint as it stands in the form."""
        assert self.form is not None
        return self.form.spec.with_(**dict(self._place()))

    def show_kind(self, kind: str) -> None:
        """The settings of another kind."""
        self.kinds.show_kind(kind)
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self.form = KnobForm("breakpoint", Spec(kind), self.workspace.theme)
        self._column.insertWidget(self._column.indexOf(self.trouble), self.form)
        self._around = None
        self.look_around()

    def look_around(self) -> None:
        """The places that there are, after a change of the network or of the selection."""
        assert self.form is not None
        workspace, kind = self.workspace, self.form.spec.kind
        around = (workspace.document, workspace.selection, workspace.data is None)
        if around == self._around:
            return
        self._around = around
        placed = any(each.name in PLACES for each in knobs(breakpoints[kind]))
        self._where.setVisible(placed)
        self.places.setVisible(placed)
        self.places.clear()
        if placed:
            for text, place in self._known(kind):
                if not workspace.breakpoints.unfit(Spec.of(kind, **dict(place))):
                    self.places.addItem(text, place)
        self._show_settings()

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        space = theme.space()
        self._column.setContentsMargins(space, space, space, space)
        self._column.setSpacing(theme.space(0.75))
        for each in (self.kinds, self._where, self.places, self.ok, self.cancel):
            each.setFont(theme.fonts.ui)
        self.trouble.setFont(theme.fonts.small)
        self.trouble.setStyleSheet(f"color: {theme.css('error')}")
        if self.form is not None:
            self.form.restyle(theme)
        self.setStyleSheet(
            f"#breakpoint-form {{ border: 1px solid {theme.css('outline')}; border-radius: 4px; }}"
        )

    # ---------------------------------------------------------------- within

    def _place(self) -> Place:
        return self.places.currentData() or ()

    def _known(self, kind: str) -> Iterator[tuple[str, Place]]:
        """Places in words, with the settings that mean them: what is selected first."""
        workspace, selection = self.workspace, self.workspace.selection
        names = {each.name for each in knobs(breakpoints[kind])}
        try:
            layout = layout_of(workspace.document)
        except AxonError:
            return
        if "sender" in names:
            for source, sender, target, receiver in sorted(selection.synapses)[:4]:
                i = workspace.document.layer(target).unit(receiver)
                j = workspace.document.layer(source).unit(sender)
                symbol = workspace.symbol_of(f"{target}.W.{source}", (i, j))
                text = self.tr("the selected synapse {name}").replace("{name}", symbol)
                cell: Place = (
                    ("layer", target),
                    ("receiver", receiver),
                    ("sender", sender),
                    ("source", source),
                )
                yield text, cell
        unit = "unit" if "unit" in names else "receiver" if "receiver" in names else ""
        for layer, key in sorted(selection.units)[:4] if unit else ():
            number = workspace.document.layer(layer).unit(key) + 1
            text = self.tr("the selected neuron {number} of {layer}")
            text = text.replace("{number}", str(number)).replace("{layer}", self._named(layer))
            yield text, (("layer", layer), (unit, key))
        everywhere = self.tr("the whole network") if kind == "gradient" else self.tr("any layer")
        yield everywhere, ()
        for node in layout.active:
            yield self._named(node.layer.id), (("layer", node.layer.id),)

    def _named(self, layer: str) -> str:
        return titled(layout_of(self.workspace.document), layer)

    def _show_settings(self) -> None:
        """Only the settings that the place leaves open, and whether it can happen at all."""
        assert self.form is not None
        given = set(PLACES)
        if any(name == "sender" for name, _ in self._place()):
            given.add("part")
        names = [each.name for each in knobs(breakpoints[self.form.spec.kind])]
        self.form.show_only([each for each in names if each not in given])
        self.form.setVisible(any(each not in given for each in names))
        unfit = self.workspace.breakpoints.unfit(Spec.of(self.form.spec.kind, **dict(self._place())))
        self._say(unfit)

    def _say(self, sentence: str) -> None:
        self.trouble.setText(f"⚠ {sentence}")
        self.trouble.setVisible(bool(sentence))

    def _add(self) -> None:
        spec = self.spec
        unfit = self.workspace.breakpoints.unfit(spec)
        if unfit:
            self._say(unfit)
            return
        self.workspace.breakpoints.add(spec)
        self.ended.emit()

    # ---------------------------------------------------------------- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit()
        else:
            super().keyPressEvent(event)
