"""Forms that build themselves from the knobs of a kind.

``KnobForm`` shows a specification and says which one the user wants instead; it changes nothing
itself. A kind within a kind (the activation of a layer) is a combo box with its own knobs below.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from engine.core.knobs import Knob, knobs
from engine.core.problems import AxonError
from engine.core.registry import Kind, Registry
from engine.core.spec import Spec, Value
from gui.theme import Theme
from gui.widgets.knob_fields import BoolField, ChoiceField, Field, FloatField, IntField, TextField, quiet
from gui.widgets.numbers import format_number

FIELDS: dict[str, Callable[[Knob], Field]] = {
    "bool": BoolField,
    "choice": ChoiceField,
    "int": IntField,
    "float": FloatField,
    "text": TextField,
}


class Row(QWidget):
    """A field with the sentence that says why its value was refused."""

    def __init__(self, field: QWidget, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(field)
        column.addWidget(self.trouble)
        if isinstance(field, Field):
            field.complained.connect(self.complain)
        self.restyle(theme)

    def complain(self, sentence: str) -> None:
        """Show a sentence below the field; an empty one takes it away."""
        self.trouble.setText(f"⚠ {sentence}" if sentence else "")
        self.trouble.setVisible(bool(sentence))

    def restyle(self, theme: Theme) -> None:
        """Colours and fonts."""
        self.trouble.setFont(theme.fonts.small)
        self.trouble.setStyleSheet(f"color: {theme.css('error')}")


class KnobForm(QWidget):
    """The knobs of one specification. ``changed(spec, text, gesture)`` is what the user wants."""

    changed = Signal(object, str, str)
    """The specification wanted, what that is in words, and the gesture it belongs to (or empty)."""
    finished = Signal()
    cancelled = Signal()
    """What the gesture did is to be taken back; ``finished`` follows."""

    def __init__(self, family: str, spec: Spec, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.registry: Registry[Kind] = Registry.families[family]
        self.spec = spec
        self.theme = theme
        self.rows: dict[str, Row] = {}
        self._labels: dict[str, QLabel] = {}
        self._form = QFormLayout(self)
        tidy(self._form, theme)
        for knob in knobs(self.registry[spec.kind]):
            field = KindField(knob, theme) if knob.type == "kind" else FIELDS[knob.type](knob)
            row = Row(field, theme)
            label = QLabel(titled(knob))
            label.setBuddy(field)
            label.setWordWrap(True)
            for widget in (label, field):
                widget.setToolTip(knob.help)
            self.rows[knob.name] = row
            self._labels[knob.name] = label
            self._form.addRow(label, row)
            self._listen(knob, field)
        self.show_spec(spec)

    def field(self, name: str) -> Field:
        """The field of a knob."""
        found = self.rows[name].field
        assert isinstance(found, Field)
        return found

    def show_spec(self, spec: Spec) -> None:
        """Other values of the same kind, from outside."""
        self.spec = spec
        for knob in knobs(self.registry[spec.kind]):
            self.field(knob.name).set_value(spec.get(knob.name, knob.default))
            self.rows[knob.name].complain("")

    def complain(self, name: str, sentence: str) -> None:
        """Say beside a field why its value was refused, and show the value that holds."""
        knob = next(each for each in knobs(self.registry[self.spec.kind]) if each.name == name)
        self.field(name).set_value(self.spec.get(name, knob.default))
        self.rows[name].complain(sentence)

    def show_only(self, names: Collection[str]) -> None:
        """Hide the rows of all other knobs."""
        for name, row in self.rows.items():
            self._form.setRowVisible(row, name in names)

    def stack_kinds(self) -> None:
        """Labels above their fields where there are kinds within: side by side they need too much room."""
        if any(isinstance(row.field, KindField) for row in self.rows.values()):
            self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self.theme = theme
        tidy(self._form, theme)
        for row in self.rows.values():
            row.restyle(theme)
            if isinstance(row.field, KindField):
                row.field.restyle(theme)

    def _listen(self, knob: Knob, field: Field) -> None:
        field.edited.connect(lambda value, gesture: self._wanted(knob, value, gesture))
        field.finished.connect(self.finished)
        field.cancelled.connect(self.cancelled)
        if isinstance(field, KindField):
            field.described.connect(lambda spec, text, gesture: self._nested(knob, spec, text, gesture))

    def _wanted(self, knob: Knob, value: Value, gesture: str) -> None:
        """Refuse with a sentence what the knob cannot take, else pass it on."""
        try:
            checked = knob.checked(value)
            spec = self.spec.with_(**{knob.name: checked})
            self.registry.make(spec)
        except AxonError as error:
            self.complain(knob.name, str(error))
            return
        self.rows[knob.name].complain("")
        self.spec = spec
        self.changed.emit(spec, self._text(knob, checked), gesture)

    def _nested(self, knob: Knob, value: Spec, text: str, gesture: str) -> None:
        self.spec = self.spec.with_(**{knob.name: value})
        self.changed.emit(self.spec, text, gesture)

    def _text(self, knob: Knob, value: Value) -> str:
        name = knob.label[:1].lower() + knob.label[1:]
        return self.tr("Set {0} to {1}").format(name, worded(knob, value))


class KindField(Field):
    """A kind within a kind: a combo box, and below it the knobs of what is chosen."""

    described = Signal(object, str, str)
    """A knob of the inner kind was changed: its new specification, in words, the gesture."""

    def __init__(self, knob: Knob, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(knob, parent)
        self.theme = theme
        self.column = QVBoxLayout()
        self.column.setContentsMargins(0, 0, 0, 0)
        self.combo = KindCombo(knob.family, knob.label, theme)
        self.combo.picked.connect(self._pick)
        self.column.addWidget(self.combo)
        self.row.addLayout(self.column)
        self.inner: KnobForm | None = None
        self.setFocusProxy(self.combo)

    def set_value(self, value: Value) -> None:
        assert isinstance(value, Spec)
        self.combo.show_kind(value.kind)
        if self.inner is not None and self.inner.spec.kind == value.kind:
            self.inner.show_spec(value)
            return
        if self.inner is not None:
            self.column.removeWidget(self.inner)
            self.inner.hide()
            self.inner.deleteLater()
            self.inner = None
        if knobs(Registry.families[self.knob.family][value.kind]):
            self.inner = KnobForm(self.knob.family, value, self.theme)
            self.inner.stack_kinds()
            self.inner.changed.connect(self.described)
            self.inner.finished.connect(self.finished)
            self.inner.cancelled.connect(self.cancelled)
            self.column.addWidget(self.inner)

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self.theme = theme
        self.combo.restyle(theme)
        if self.inner is not None:
            self.inner.restyle(theme)
            self.inner.stack_kinds()

    def _pick(self, kind: str) -> None:
        self.edited.emit(Spec(kind), "")


class KindCombo(QComboBox):
    """The kinds of a family. ``picked`` is emitted only for a choice that differs."""

    picked = Signal(str)

    def __init__(self, family: str, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        quiet(self)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.family = family
        self._kind = ""
        for cls in Registry.families[family]:
            self.addItem(cls.title, cls.kind)
            self.setItemData(self.count() - 1, cls.summary, Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(self._activated)
        self.restyle(theme)

    def show_kind(self, kind: str) -> None:
        """Which kind holds at present."""
        self._kind = kind
        place = self.findData(kind)
        self.setCurrentIndex(place)
        self.setToolTip(self.itemData(place, Qt.ItemDataRole.ToolTipRole) or "")

    def restyle(self, theme: Theme) -> None:
        """Activations have a tiny drawing of their curve."""
        if self.family != "activation":
            return
        for place in range(self.count()):
            self.setItemIcon(place, curve_icon(self.itemData(place), theme))

    def _activated(self, place: int) -> None:
        kind = self.itemData(place)
        if kind != self._kind:
            self.show_kind(kind)
            self.picked.emit(kind)


@lru_cache(maxsize=64)
def curve_icon(kind: str, theme: Theme) -> QIcon:
    """An activation function from −4 to 4, as a picture for a list."""
    side = theme.px(16)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    g = Registry.families["activation"].make(kind)
    z = np.linspace(-4.0, 4.0, 33)
    shape = (1, len(z)) if getattr(g, "elementwise", True) else (2, len(z))
    a = g.value(np.broadcast_to(z, shape) * np.array([[1.0], [0.0]])[: shape[0]])[0]
    low, high = min(float(a.min()), 0.0), max(float(a.max()), 1e-9)
    inset, room = theme.px(2), side - 2 * theme.px(2)
    points = [
        QPointF(inset + room * i / 32, inset + room * (1 - (y - low) / (high - low))) for i, y in enumerate(a)
    ]
    with QPainter(picture) as p:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(QPen(theme.colour("text"), 1.6 * theme.scale))
        p.drawPolyline(QPolygonF(points))
    return QIcon(picture)


def titled(knob: Knob) -> str:
    """A knob's label with its symbol: Learning rate α."""
    return f"{knob.label} {knob.symbol}" if knob.symbol and len(knob.symbol) <= 2 else knob.label


def worded(knob: Knob, value: Value) -> str:
    """A value as it stands in the undo list."""
    if isinstance(value, Spec):
        return str(Registry.families[knob.family][value.kind].title)
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return knob.none_label or "none"
    return format_number(value, chosen=False) if isinstance(value, float) else str(value)


def tidy(form: QFormLayout, theme: Theme) -> None:
    """Labels on the left, fields as wide as there is room; long labels stand above their field."""
    form.setContentsMargins(0, 0, 0, 0)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    form.setHorizontalSpacing(theme.space(1))
    form.setVerticalSpacing(theme.space(0.75))
