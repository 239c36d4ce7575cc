"""Fields for single settings: one class a type of knob, all with the same few methods.

A field says ``edited(value, gesture)``: the gesture is a text while a drag or a run of key presses
goes on (equal for all its values), and empty for a value that stands for itself. ``finished`` ends
a gesture. A field changes nothing but itself; who owns it decides whether the value is taken.
"""

from __future__ import annotations

import itertools
import math
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.core.knobs import Knob
from engine.core.spec import Value
from gui.widgets.number_edit import NumberEdit

_gestures = itertools.count()
NICE = (1.0, 2.0, 5.0)
"""Where the arrow keys stop on the way through the powers of ten."""
MOST_UNITS = 2_000_000_000


def new_gesture(name: str) -> str:
    """A name that no gesture had before."""
    return f"{name}#{next(_gestures)}"


class QuietWheel(QObject):
    """A wheel that scrolls past a field neither changes it nor stops there."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def quiet(widget: QWidget) -> QWidget:
    """Let the wheel pass unless the widget has the focus."""
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.installEventFilter(QuietWheel(widget))
    return widget


class Field(QWidget):
    """Base of all fields."""

    edited = Signal(object, str)
    finished = Signal()
    cancelled = Signal()
    """Esc: what the gesture did is to be taken back; ``finished`` follows."""
    complained = Signal(str)
    """A sentence about what was typed; empty when the trouble is over."""

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.knob = knob
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_value(self, value: Value) -> None:
        """Show a value from outside; nothing is emitted."""
        raise TypeError(f"{type(self).__name__} shows no value")

    def name(self) -> str:
        """What a screen reader calls it."""
        return self.knob.label


class BoolField(Field):
    """A box to tick."""

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(knob, parent)
        self.box = QCheckBox()
        self.box.setAccessibleName(self.name())
        self.box.clicked.connect(lambda on: self.edited.emit(bool(on), ""))
        self.row.addWidget(self.box)
        self.setFocusProxy(self.box)

    def set_value(self, value: Value) -> None:
        self.box.setChecked(bool(value))


class ChoiceField(Field):
    """One of a few words."""

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(knob, parent)
        self.combo = QComboBox()
        self.combo.setAccessibleName(self.name())
        quiet(self.combo)
        for choice in knob.choices:
            self.combo.addItem(choice.replace("_", " "), choice)
        self.combo.activated.connect(lambda place: self.edited.emit(self.combo.itemData(place), ""))
        self.row.addWidget(self.combo)
        self.setFocusProxy(self.combo)

    def set_value(self, value: Value) -> None:
        self.combo.setCurrentIndex(self.combo.findData(value))


class TextField(Field):
    """A line of text; taken with Enter or on leaving the field."""

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(knob, parent)
        self.line = QLineEdit()
        self.line.setAccessibleName(self.name())
        self.line.editingFinished.connect(self._take)
        self._value = ""
        self.row.addWidget(self.line)
        self.setFocusProxy(self.line)

    def set_value(self, value: Value) -> None:
        typing = self.line.hasFocus() and self.line.text() != self._value
        self._value = str(value or "")
        if not typing and self.line.text() != self._value:
            self.line.setText(self._value)

    def _take(self) -> None:
        if self.line.text() != self._value:
            self._value = self.line.text()
            self.edited.emit(self._value, "")


class Spin(QSpinBox):
    """A spin box that says when it is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class IntField(Field):
    """A whole number. ``None`` is the value below the smallest one, with a word of its own."""

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(knob, parent)
        low = int(knob.minimum) if knob.minimum is not None else -MOST_UNITS
        high = int(knob.maximum) if knob.maximum is not None else MOST_UNITS
        self._none = low - 1 if knob.optional else None
        self._gesture = ""
        self.spin = Spin()
        self.spin.setAccessibleName(self.name())
        self.spin.setKeyboardTracking(False)
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.spin.setRange(low if self._none is None else self._none, high)
        self.spin.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType if high > 1000 else
                              QAbstractSpinBox.StepType.DefaultStepType)  # fmt: skip
        if self._none is not None:
            self.spin.setSpecialValueText(knob.none_label or self.tr("none"))
        self.spin.valueChanged.connect(self._changed)
        self.spin.left.connect(self._end)
        self.row.addWidget(self.spin)
        self.setFocusProxy(self.spin)

    def set_value(self, value: Value) -> None:
        wanted = self._none if value is None else int(value)  # type: ignore[arg-type]
        if wanted is not None and wanted != self.spin.value():
            self.spin.blockSignals(True)
            self.spin.setValue(wanted)
            self.spin.blockSignals(False)

    def _changed(self, value: int) -> None:
        self._gesture = self._gesture or new_gesture(self.knob.name)
        self.edited.emit(None if value == self._none else value, self._gesture)

    def _end(self) -> None:
        if self._gesture:
            self._gesture = ""
            self.finished.emit()


class Slider(QSlider):
    """A slider that says when it is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ScaledEdit(NumberEdit):
    """A number for which the next larger one is 1, 2, 5, 10, 20 times something."""

    def nudge(self, steps: float) -> None:
        """To the next round number on the way; with Ctrl a tenth of the way there."""
        goal = self.value()
        for _ in range(max(1, round(abs(steps)))):
            goal = _beside(goal, steps > 0)
        exact = Decimal(repr(goal)) - Decimal(repr(self.value()))
        if abs(steps) < 1:
            exact *= Decimal("0.1")
        self.set_step(float(abs(exact)))
        super().nudge(math.copysign(1.0, steps))


def _beside(value: float, larger: bool) -> float:
    """The next number of the row 1, 2, 5, 10, 20, 50 … above or below."""
    if value <= 0:
        return 0.001 if larger else 0.0
    power = math.floor(math.log10(value))
    row = [float(f"{nice:g}e{p}") for p in range(power - 1, power + 2) for nice in NICE]
    if larger:
        return next(each for each in row if each > value * (1 + 1e-9))
    return next(each for each in reversed(row) if each < value * (1 - 1e-9))


class FloatField(Field):
    """A number, typed or nudged, with a slider where the knob has a sensible range."""

    STEPS = 240

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(knob, parent)
        low, high = knob.minimum, knob.maximum
        bounded = low is not None and high is not None
        self._decades = bounded and low == 0 and high is not None and high >= 100
        self._slides = self._decades or (
            bounded and high is not None and low is not None and high - low <= 10 and not 0 < low < 1e-3
        )
        column = QVBoxLayout()
        column.setSpacing(2)
        if self._decades:
            self.edit: NumberEdit = ScaledEdit(0.0, minimum=low, maximum=high, fractions=False)
        else:
            span = (high - low) if bounded and high is not None and low is not None else 10.0
            step = min(0.1, 10.0 ** round(math.log10(span / 50)))
            self.edit = NumberEdit(0.0, minimum=low, maximum=high, step=step)
        self.edit.setAccessibleName(self.name())
        self.edit.committed.connect(self._committed)
        self.edit.nudged.connect(self._nudged)
        self.edit.problem.connect(self.complained)
        self.edit.cancelled.connect(self._cancel)
        self._gesture = ""
        self._shown = 0.0
        column.addWidget(self.edit)
        self.slider: Slider | None = None
        if self._slides:
            self.slider = Slider(Qt.Orientation.Horizontal)
            self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.slider.setAccessibleName(self.tr("{0}, slider").format(self.name()))
            self.slider.setRange(0, self.STEPS)
            self.slider.left.connect(self._end)
            self.slider.sliderPressed.connect(self._begin)
            self.slider.valueChanged.connect(self._slid)
            self.slider.sliderReleased.connect(self._end)
            column.addWidget(self.slider)
        self.row.addLayout(column)
        self.setFocusProxy(self.edit)

    def set_value(self, value: Value) -> None:
        self._shown = float(value)  # type: ignore[arg-type]
        if self._shown != self.edit.value():
            self.edit.set_value(self._shown)
        self._slide(self._shown)

    def _committed(self, value: float) -> None:
        if value != self._shown:
            self._shown = value
            self._slide(value)
            self.edited.emit(value, self._gesture)
        self._end()

    def _nudged(self, value: float) -> None:
        self._begin()
        self._shown = value
        self._slide(value)
        self.edited.emit(value, self._gesture)

    def _slid(self, place: int) -> None:
        self._begin()
        value = self._at(place)
        self._shown = value
        self.edit.set_value(value)
        self.edited.emit(value, self._gesture)

    def _begin(self) -> None:
        self._gesture = self._gesture or new_gesture(self.knob.name)

    def _cancel(self) -> None:
        if self._gesture:
            self.cancelled.emit()
        self._end()

    def _end(self) -> None:
        if self._gesture:
            self._gesture = ""
            self.finished.emit()

    def _at(self, place: int) -> float:
        """The value of a place of the slider: by powers of ten from 0.0001 to 10, or even steps."""
        low, high = self.knob.minimum or 0.0, self.knob.maximum or 1.0
        if self._decades:
            return 0.0 if place == 0 else float(f"{10 ** (-4 + 5 * place / self.STEPS):.2g}")
        return float(f"{low + (high - low) * place / self.STEPS:.3g}")

    def _slide(self, value: float) -> None:
        if self.slider is None or self.slider.isSliderDown():
            return
        low, high = self.knob.minimum or 0.0, self.knob.maximum or 1.0
        if self._decades:
            place = 0.0 if value <= 0 else (math.log10(value) + 4) / 5 * self.STEPS
        else:
            place = (value - low) / (high - low) * self.STEPS
        self.slider.blockSignals(True)
        self.slider.setValue(round(min(max(place, 0), self.STEPS)))
        self.slider.blockSignals(False)
