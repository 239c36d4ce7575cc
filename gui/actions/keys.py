"""Keys that mean the same everywhere, and the few places where a key belongs to a widget.

Qt asks the widget that has the focus first (ShortcutOverride): text fields keep what they edit
with. Around that one question this filter settles the rest. It sits on the widget that has the
focus and on no other: a filter on the whole program would see every paint event.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Keys(QObject):
    """Follows the focus within one window."""

    def __init__(self, window: QMainWindow, leave: Callable[[], object]) -> None:
        super().__init__(window)
        self._window, self._leave = window, leave
        self._watched: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus)

    def _focus(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._forget)
        mine = now is not None and (now is self._window or self._window.isAncestorOf(now))
        self._watched = now if mine else None
        if self._watched is not None:
            self._watched.installEventFilter(self)
            self._watched.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}:
            return False
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            return self._override(watched, event)
        return self._press(watched, event)

    def _override(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Whether the question is settled here: ignored means that the window's key has it."""
        if _plain(event, {Qt.Key.Key_Escape}) and (is_text(widget) or isinstance(widget, QGraphicsView)):
            event.accept()  # a field takes back what was typed, the canvas ends its gesture
            return True
        field = _field(widget)
        if field is not None:
            undo = event.matches(QKeySequence.StandardKey.Undo) and not field.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not field.isRedoAvailable()
            if undo or redo:  # nothing typed to take back: the network's own undo is meant
                event.ignore()
                return True
        return False

    def _press(self, widget: QWidget, event: QKeyEvent) -> bool:
        if _plain(event, {Qt.Key.Key_Escape}) and not (is_text(widget) or isinstance(widget, QGraphicsView)):
            self._leave()
            return True
        if _plain(event, _ENTER):
            # Space always plays, so Enter presses the button that has the focus.
            if isinstance(widget, QAbstractButton):
                if not event.isAutoRepeat():
                    widget.click()
                return True
            if isinstance(widget, QComboBox) and not widget.isEditable():
                widget.showPopup()
                return True
        return False


def is_text(widget: QWidget) -> bool:
    """Whether text is typed in the widget."""
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, QAbstractSpinBox)


def _field(widget: QWidget) -> QLineEdit | None:
    if isinstance(widget, QLineEdit):
        return widget
    found = widget.findChild(QLineEdit) if isinstance(widget, QAbstractSpinBox | QComboBox) else None
    return found if isinstance(found, QLineEdit) else None


def _plain(event: QKeyEvent, keys: set[Qt.Key]) -> bool:
    bare = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return Qt.Key(event.key()) in keys and bare == Qt.KeyboardModifier.NoModifier
