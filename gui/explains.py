"""A widget whose number explains itself: one filter for labels, fields and tables alike.

The rule is that of ``gui.explaining``: what is only read explains itself on a click or, in the focus, with
Enter; what is edited or selected on a click does so with Alt and a click. The key E asks any of them, the
menu too.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QWidget

from gui import icons
from gui.explaining import Asked
from gui.workspace import Workspace

translate = QCoreApplication.translate
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Explains(QObject):
    """Belongs to the widget and asks ``asked`` which number it shows, each time anew."""

    # Of the class too: Qt may still ask while Python is taking the widget apart.
    _reads = False

    def __init__(self, widget: QWidget, workspace: Workspace, asked: Callable[[], Asked | None]) -> None:
        super().__init__(widget)
        self._widget, self._workspace, self._asked = widget, workspace, asked
        self._reads = isinstance(widget, QLabel)
        widget.asked_number = asked  # type: ignore[attr-defined]  # for the key E
        if self._reads:
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            widget.setCursor(Qt.CursorShape.PointingHandCursor)
        words = how_to_ask(self._reads)
        if words not in widget.toolTip():
            widget.setToolTip("\n".join(filter(None, (widget.toolTip(), words))))
        widget.installEventFilter(self)

    def ask(self) -> bool:
        """Explain the number; whether there is one now."""
        asked = self._asked()
        if asked is not None:
            self._workspace.explain(asked.cell, asked.update)
        return asked is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if not hasattr(self, "_asked"):
            return False
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
            plain = self._reads and event.modifiers() == Qt.KeyboardModifier.NoModifier
            return event.button() == Qt.MouseButton.LeftButton and (alt or plain) and self.ask()
        if kind == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            return self._show_menu(event)
        if self._reads and kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return event.key() in _ENTER and self.ask()
        if self._reads and kind in {QEvent.Type.Enter, QEvent.Type.FocusIn}:
            self._underline(self._asked() is not None)
        if self._reads and kind in {QEvent.Type.Leave, QEvent.Type.FocusOut}:
            self._underline(self._widget.hasFocus() and kind == QEvent.Type.Leave)
        return False

    def _underline(self, on: bool) -> None:
        font = self._widget.font()
        if font.underline() != on:
            font.setUnderline(on)
            self._widget.setFont(font)

    def _show_menu(self, event: QContextMenuEvent) -> bool:
        asked, widget = self._asked(), self._widget
        if asked is None:
            return False
        menu = widget.createStandardContextMenu() if isinstance(widget, QLineEdit) else QMenu(widget)
        menu.setParent(widget, menu.windowFlags())
        menu.setFont(self._workspace.theme.fonts.ui)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_to(menu, self._workspace, asked)
        menu.popup(event.globalPos())
        return True


def how_to_ask(reads: bool) -> str:
    """The rule for the tool tip of a number."""
    if reads:
        return translate("Explains", "Click, or E: where this number comes from")
    return translate("Explains", "Alt and a click: where this number comes from")


def add_to(menu: QMenu, workspace: Workspace, asked: Asked) -> None:
    """The entries of a number, before those that are there."""
    first = next(iter(menu.actions()), None)
    explain = menu.addAction(translate("Explains", "Explain this number") + "\tE")
    explain.setIcon(icons.icon("sigma", workspace.theme))
    explain.triggered.connect(lambda _=False: workspace.explain(asked.cell, asked.update))
    follow = menu.addAction(translate("Explains", "Follow this number") + "\tShift+E")
    follow.setIcon(icons.icon("spline", workspace.theme))
    follow.triggered.connect(lambda _=False: workspace.follow(asked.cell))
    if first is not None:
        menu.insertActions(first, [explain, follow, menu.addSeparator()])
