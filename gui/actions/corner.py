"""The corner of the menu bar: one button a perspective, and the list of messages."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gui import icons
from gui.actions.build import Actions
from gui.perspectives import PERSPECTIVES
from gui.theme import Theme

IDS = (*(f"perspective-{each.name}" for each in PERSPECTIVES), "messages")


class Corner(QWidget):
    """Buttons of actions; the one of the present perspective is pressed."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._buttons: list[QToolButton] = []
        for id in IDS:
            button = QToolButton()
            button.setDefaultAction(actions[id])
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            last = id == "messages"
            style = Qt.ToolButtonStyle.ToolButtonIconOnly if last else Qt.ToolButtonStyle.ToolButtonTextOnly
            button.setToolButtonStyle(style)
            button.setAccessibleName(actions[id].text())
            self._row.addWidget(button)
            self._buttons.append(button)
        self.restyle(actions.window.workspace.theme)

    def restyle(self, theme: Theme) -> None:
        """Take over sizes."""
        self._row.setContentsMargins(0, theme.px(2), theme.space(0.5), 0)
        self._row.setSpacing(theme.px(2))
        side = theme.px(16)
        self._buttons[-1].setIcon(icons.icon("message-square", theme))
        for button in self._buttons:
            button.setIconSize(QSize(side, side))
