"""A field in which one number is edited in place."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui import theme
from gui.widgets.numbers import format_full, format_number, parse_number

_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NOTCH = 120  # wheel units of one notch


class NumberEdit(QLineEdit):
    """One float: typed and confirmed, or nudged with arrow keys and wheel.

    Enter, Tab and a click elsewhere confirm; Esc goes back to the number that stood there before. What cannot
    be read or is out of range keeps the old value, marks the field and says why in one sentence.

    The text is rounded for reading, the value is not: leaving the field without typing changes nothing.
    """

    committed = Signal(float)
    """The number is confirmed: Enter, or the field was left after a change."""
    nudged = Signal(float)
    """The value moves while it is being tried out; ``committed`` follows, or Esc takes it back."""
    problem = Signal(str)
    """The sentence that is shown; empty when the trouble is over."""
    cancelled = Signal()
    """Esc: the old number is back."""

    def __init__(
        self,
        value: float = 0.0,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        step: float = 0.1,
        digits: int = 4,
        fractions: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value = self._before = float(value)
        self._minimum, self._maximum = minimum, maximum
        self._step, self._digits, self._fractions = step, digits, fractions
        self._shown = self._sentence = ""
        self._wheel = 0
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # A wheel that scrolls the panel past the field must not give it the focus, nor change it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.textEdited.connect(lambda _: self._show_problem(""))
        self._show_value()

    # ------------------------------------------------------------ value

    def value(self) -> float:
        """The number, in full precision; while something else is being typed, still the old one."""
        return self._value

    def set_value(self, value: float) -> None:
        """Sets the number from outside; nothing is emitted. Text that is just being typed is left alone."""
        if self.hasFocus() and self._is_typed():
            self._value = self._before = float(value)
            return
        self._accept(float(value))

    def set_range(self, minimum: float | None, maximum: float | None) -> None:
        """Limits for what is typed from now on; None means no limit."""
        self._minimum, self._maximum = minimum, maximum

    def set_step(self, step: float) -> None:
        """What one press of an arrow key changes."""
        self._step = step

    def problem_text(self) -> str:
        """The sentence shown at the moment, or an empty text."""
        return self._sentence

    def commit(self) -> bool:
        """Takes over what is typed, as Enter does. False, with a sentence shown, if it cannot be taken."""
        if self._is_typed():
            try:
                value = self._read()
            except ValueError as reason:
                self._show_problem(str(reason))
                return False
            self._accept(value)
        else:
            self._accept(self._value)
        self.committed.emit(self._value)
        return True

    def restore(self) -> None:
        """Back to the number before editing, as Esc does; a nudge is taken back where it was shown too."""
        moved = self._value != self._before
        self._accept(self._before)
        if moved:
            self.nudged.emit(self._value)
        self.cancelled.emit()

    def nudge(self, steps: float) -> None:
        """Moves the value by so many steps, in decimal arithmetic (0.1 + 0.2 is 0.3), not past the limits."""
        try:
            start = self._read() if self._is_typed() else self._value
        except ValueError:
            start = self._value
        moved = float(Decimal(repr(start)) + Decimal(repr(float(self._step))) * Decimal(repr(float(steps))))
        if self._minimum is not None:
            moved = max(moved, self._minimum)
        if self._maximum is not None:
            moved = min(moved, self._maximum)
        before = self._before
        self._accept(moved)
        self._before = before
        self.nudged.emit(moved)

    # ------------------------------------------------------------ inside

    def _read(self) -> float:
        value = parse_number(self.text(), self.locale())
        low, high = self._minimum, self._maximum
        if low is not None and value < low:
            sentence, limit = self.tr("{number} is too small: it must be at least {limit}."), low
        elif high is not None and value > high:
            sentence, limit = self.tr("{number} is too large: it must be at most {limit}."), high
        else:
            return value
        raise ValueError(sentence.format(number=self._write(value), limit=self._write(limit)))

    def _write(self, value: float) -> str:
        weight = self._fractions  # a setting stays as it was typed
        return format_number(value, self._digits, self.locale(), self._fractions, chosen=weight)

    def _accept(self, value: float) -> None:
        self._value = self._before = value
        self._show_value()

    def _show_value(self) -> None:
        self._shown = self._write(self._value)
        self.setText(self._shown)
        self._show_problem("")

    def _show_problem(self, sentence: str) -> None:
        self.setToolTip(sentence or format_full(self._value, self.locale()))
        self.setAccessibleDescription(sentence)
        if sentence != self._sentence:
            self._sentence = sentence
            self.problem.emit(sentence)
            self.update()

    def _leave(self) -> None:
        if self._is_typed() or self._value != self._before:
            self.commit()

    # ------------------------------------------------------------ events

    def event(self, event: QEvent) -> bool:
        """Claims its keys before the window's shortcuts and the dialog's default button see them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = event.key()
            if key in _STEPS or key in _ENTER or (key == Qt.Key.Key_Escape and self._is_open()):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ENTER:
            self.commit()
            self.selectAll()
        elif key == Qt.Key.Key_Escape and self._is_open():
            self.restore()
            self.selectAll()
        elif key in _STEPS and not self.isReadOnly():
            self.nudge(_STEPS[key] * _factor(event.modifiers()))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() or self.isReadOnly():
            event.ignore()
            return
        # Shift or Alt turn the wheel sideways on some systems; touch pads send small pieces of a notch.
        turn = event.angleDelta()
        self._wheel += turn.y() or turn.x()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        if notches:
            self.nudge(notches * _factor(event.modifiers()))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._wheel = 0
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # The field's own context menu takes the focus for a moment; that is no leaving.
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._leave()
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LocaleChange and not self._is_typed():
            self._show_value()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._sentence:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.current().colour("error"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 2, 2)

    def _is_open(self) -> bool:
        """Whether there is something for Esc to take back; if not, Esc belongs to the window."""
        return self._is_typed() or self._value != self._before

    def _is_typed(self) -> bool:
        """Whether the text is no longer the one that the value was shown with."""
        return self.text() != self._shown


def _factor(modifiers: Qt.KeyboardModifier) -> float:
    """Shift for ten steps at once, Ctrl for a tenth."""
    factor = 10.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
    return factor / 10 if modifiers & Qt.KeyboardModifier.ControlModifier else factor
