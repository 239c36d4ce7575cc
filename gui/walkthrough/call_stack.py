"""The call stack: where the walk stands, level by level; a click goes to the start of a level."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon
from gui.panel import Panel
from gui.theme import Theme
from gui.walkthrough.frames import Frame, frames, step_out
from gui.workspace import Workspace


class CallStack(Panel):
    """Epoch, batch, example, phase, layer, neuron, term, each below the one it is part of."""

    name = "call-stack"
    title = "Where we are"
    icon = "list"
    area = Qt.DockWidgetArea.RightDockWidgetArea
    rank = 30

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.setAccessibleName(self.tr("Where the walkthrough stands"))
        self.rows: list[QToolButton] = []
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._hint = QLabel(self.tr("The walkthrough has not begun: press the right arrow key."), self)
        self._hint.setWordWrap(True)
        self._column.addWidget(self._hint)
        self.out = QToolButton(self)
        self.out.setText(self.tr("Step out"))
        self.out.setToolTip(self.tr("To the end of the innermost level that is not finished yet"))
        self.out.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.out.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.out.clicked.connect(self._step_out)
        last = QHBoxLayout()
        last.addWidget(self.out)
        last.addStretch(1)
        self._column.addStretch(1)
        self._column.addLayout(last)
        self._shown: list[Frame] = []
        self.restyle(workspace.theme)

    def refresh_state(self) -> None:
        walk = self.workspace.walk
        shown = frames(walk) if walk is not None else []
        self._hint.setVisible(walk is None)
        self.out.setVisible(walk is not None)
        self.out.setEnabled(walk is not None and step_out(walk) > walk.at)
        if shown == self._shown:
            return
        self._shown = shown
        while len(self.rows) < len(shown):
            self._add_row()
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(shown))
            if number < len(shown):
                self._show(row, shown[number], number)

    def restyle(self, theme: Theme) -> None:
        space = theme.space()
        self._column.setContentsMargins(space, space, space, space)
        self._hint.setFont(theme.fonts.ui)
        self.out.setIcon(icon("corner-up-left", theme))
        self.out.setIconSize(QSize(theme.px(16), theme.px(16)))
        self._shown = []
        self.refresh_state()

    def _add_row(self) -> None:
        row = QToolButton(self)
        row.setAutoRaise(True)
        row.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        place = len(self.rows)
        row.clicked.connect(lambda: self._go(place))
        self.rows.append(row)
        self._column.insertWidget(len(self.rows), row)

    def _show(self, row: QToolButton, frame: Frame, depth: int) -> None:
        theme = self.workspace.theme
        last = depth == len(self._shown) - 1
        row.setText(frame.text)
        row.setFont(theme.fonts.strong if last else theme.fonts.ui)
        row.setIcon(icon("chevron-right" if last else "corner-down-right" if depth else "history", theme))
        row.setIconSize(QSize(theme.px(14), theme.px(14)))
        row.setStyleSheet(f"QToolButton {{ margin-left: {depth * theme.space(1.25)}px; text-align: left; }}")
        row.setToolTip(self.tr("To the start: step {0}").format(frame.first + 1))
        row.setAccessibleName(self.tr("To the start of {0}").format(frame.text))

    def _go(self, place: int) -> None:
        if place < len(self._shown):
            self.workspace.walking.go_to(self._shown[place].first)

    def _step_out(self) -> None:
        walk = self.workspace.walk
        if walk is not None:
            self.workspace.walking.go_to(step_out(walk))
