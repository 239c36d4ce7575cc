"""The call stack: where the walk stands, level by level; a click goes to the start of a level."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon
from gui.panel import Panel
from gui.stepping.strides import Level
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
        self._last: QToolButton | None = None
        """The innermost row, in bold."""
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
                self._show(row, shown[number])
        self._emphasise(len(shown) - 1)

    def restyle(self, theme: Theme) -> None:
        space = theme.space()
        self._column.setContentsMargins(space, space, space, space)
        self._hint.setFont(theme.fonts.ui)
        for depth, row in enumerate(self.rows):
            self._look(row, depth)
        self._shown, self._last = [], None
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
        self._look(row, place)
        self._column.insertWidget(len(self.rows), row)

    def _look(self, row: QToolButton, depth: int) -> None:
        """How a row looks wherever the walk stands; a style sheet costs more than all the rest of a step."""
        theme = self.workspace.theme
        row.setIcon(icon("corner-down-right" if depth else "history", theme))
        row.setIconSize(QSize(theme.px(14), theme.px(14)))
        row.setStyleSheet(f"QToolButton {{ margin-left: {depth * theme.space(1.25)}px; text-align: left; }}")
        row.setFont(theme.fonts.ui)

    def _show(self, row: QToolButton, frame: Frame) -> None:
        start = self.tr("To the start: step {0}").format(f"{frame.first + 1:,}")
        tip = f"{frame.text}\n{start}"
        if row.toolTip() == tip:
            return
        row.setText(frame.text)
        row.setToolTip(tip)
        row.setAccessibleName(self.tr("To the start of {0}").format(frame.text))

    def _emphasise(self, innermost: int) -> None:
        """The innermost row in bold and with an arrow of its own."""
        theme, last = self.workspace.theme, self.rows[innermost] if innermost >= 0 else None
        if last is self._last:
            return
        if self._last is not None:
            self._look(self._last, self.rows.index(self._last))
        if last is not None:
            last.setFont(theme.fonts.strong)
            last.setIcon(icon("chevron-right", theme))
        self._last = last

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
