"""A field for a text of several lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.core.knobs import Knob
from engine.core.spec import Value
from gui.widgets.knob_fields import Field

LINES = 3
"""As high as so many lines."""


class NoteField(Field):
    """Taken on leaving the field or with Ctrl+Enter; Esc brings the old text back. Tab leaves it."""

    def __init__(self, knob: Knob, parent: QWidget | None = None) -> None:
        super().__init__(knob, parent)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.name())
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(round((LINES + 0.8) * QFontMetrics(self.text.font()).lineSpacing()))
        self.text.installEventFilter(self)
        self._value = ""
        self.row.addWidget(self.text)
        self.setFocusProxy(self.text)

    def set_value(self, value: Value) -> None:
        typing = self.text.hasFocus() and self.text.toPlainText() != self._value
        self._value = str(value or "")
        if not typing and self.text.toPlainText() != self._value:
            self.text.setPlainText(self._value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._take()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._take()
                return True
        elif event.key() == Qt.Key.Key_Escape and self.text.toPlainText() != self._value:
            self.text.setPlainText(self._value)
            return True
        return False

    def _take(self) -> None:
        if self.text.toPlainText() != self._value:
            self._value = self.text.toPlainText()
            self.edited.emit(self._value, "")
