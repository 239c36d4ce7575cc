"""The call stack: where the walk stands, level by level; a click goes to the start of a level."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon
from gui.panel import Panel
from gui.strides import Level
from gui.theme import Theme
from gui.walkthrough.frames import Frame, frames
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
        self._column.addStretch(1)
        self._shown: list[Frame] = []
        self.restyle(workspace.theme)

    def refresh_state(self) -> None:
        walk = self.workspace.walk
        shown = frames(walk, self.workspace.data) if walk is not None else []
        self._hint.setVisible(walk is None)
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
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        row.customContextMenuRequested.connect(lambda point: self._menu(place).popup(row.mapToGlobal(point)))
        self.rows.append(row)
        self._column.insertWidget(len(self.rows), row)

    def _show(self, row: QToolButton, frame: Frame, depth: int) -> None:
        theme = self.workspace.theme
        last = depth == len(self._shown) - 1
        row.setText(frame.text)
        row.setIcon(icon("chevron-right" if last else "corner-down-right" if depth else "history", theme))
        row.setIconSize(QSize(theme.px(14), theme.px(14)))
        row.setStyleSheet(f"QToolButton {{ margin-left: {depth * theme.space(1.25)}px; text-align: left; }}")
        row.setFont(theme.fonts.strong if last else theme.fonts.ui)
        start = self.tr("To the start: step {0}").format(f"{frame.first + 1:,}")
        row.setToolTip(f"{frame.text}\n{start}")
        row.setAccessibleName(self.tr("To the start of {0}").format(frame.text))

    def _go(self, place: int) -> None:
        """To the start of a level; of an epoch to that of its first update."""
        walking, walk = self.workspace.walking, self.workspace.walk
        if place >= len(self._shown) or walk is None:
            return
        frame, position = self._shown[place], walk.trace.position
        if frame.level is Level.EPOCH and position is not None:
            first = (position.epoch - 1) * position.an_epoch
            walking.go((max(first, self.workspace.snapshot.back_to), 0))
        else:
            walking.go_to(frame.first)

    def _menu(self, place: int) -> QMenu:
        """Run to the end of a level, or back to where it ended last."""
        theme, frame, walking = self.workspace.theme, self._shown[place], self.workspace.walking
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def run(onward: bool) -> None:
            if frame.goal is not None:
                walking.run(frame.goal, onward)
            elif onward:
                walking.forward(frame.level)
            else:
                walking.back(frame.level)

        on = menu.addAction(icon("arrow-right-to-line", theme), self.tr("Run to the end of this"))
        on.triggered.connect(lambda _=False: run(True))
        back = menu.addAction(icon("arrow-left-to-line", theme), self.tr("Run back to the last end of this"))
        back.triggered.connect(lambda _=False: run(False))
        return menu
