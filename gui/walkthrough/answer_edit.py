"""The field in which a number is predicted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.number_edit import NumberEdit

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PAGES = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_SIGNS = "+-−–.,/"
"""What a number may begin with, beside digits and fractions such as ½."""


class AnswerEdit(NumberEdit):
    """Empty until something is typed; only Enter answers.

    The keys of the walk go on working in it: the arrows where the text ends, everything while it is
    empty that cannot begin a number, and everything once the number is shown. Enter goes on then.
    """

    onward = Signal()
    """Enter, although nothing is asked any more."""

    left = Signal()
    """Esc in an empty field: not this field is to be left but the walk."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(0.0, name=name, parent=parent)

    def ask(self) -> None:
        """Empty and ready for the next number."""
        self.setReadOnly(False)
        self._show_value()

    def commit(self) -> bool:
        """Give the answer that is typed; the text stays as it was typed."""
        if not self.text().strip():
            return False
        try:
            value = self._read()
        except ValueError as reason:
            self._show_problem(str(reason))
            return False
        self.committed.emit(value)
        return True

    def restore(self) -> None:
        """Esc: an empty field."""
        self._show_value()
        self.cancelled.emit()

    def nudge(self, steps: float) -> None:
        """A prediction is not searched with the arrow keys."""

    def _leave(self) -> None:
        """Looking elsewhere is no answer."""

    def _show_value(self) -> None:
        self._shown = ""
        self.setText("")
        self._show_problem("")
        self.setToolTip("")

    # ---------------------------------------------------------------- Qt

    def event(self, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and self._walks(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and self.isReadOnly():
            self.onward.emit()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and not self._is_open():
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
            if self.isReadOnly():
                self.deselect()

    def _walks(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to the window: it has no use in this text."""
        key, text = event.key(), event.text()
        if key in _ENTER:
            return False
        if self.isReadOnly() or key in _PAGES:
            return True
        if key == Qt.Key.Key_Right:
            return self.cursorPosition() == len(self.text()) and not self.hasSelectedText()
        if key == Qt.Key.Key_Left:
            return self.cursorPosition() == 0 and not self.hasSelectedText()
        if self.text() or event.modifiers() & _COMMANDS:
            return False
        return bool(text) and text.isprintable() and not (text.isnumeric() or text in _SIGNS)
