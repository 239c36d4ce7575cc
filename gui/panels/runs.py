"""The runs panel: every training of the network, to go to, to name and to delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.runs import Run
from engine.session import Snapshot
from gui.icons import icon
from gui.pacing import Pacing
from gui.panel import Panel
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

NUMBER = Qt.ItemDataRole.UserRole


class RunTree(QTreeWidget):
    """Enter goes to a run, F2 names it, Delete deletes it."""

    def __init__(self, panel: RunsPanel) -> None:
        super().__init__(panel)
        self._panel = panel

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._panel.visit()
        elif event.key() == Qt.Key.Key_Delete:
            self._panel.delete()
        else:
            super().keyPressEvent(event)


class RunsPanel(Panel):
    """One row a run, with what was changed where it branched off, how far it came, and its last J."""

    name = "runs"
    title = "Runs"
    icon = "git-branch"
    area = Qt.DockWidgetArea.RightDockWidgetArea
    rank = 45
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._pacing = Pacing(0.25)
        self._known: object = None
        self._filling = False
        self.tree = RunTree(self)
        self.tree.setAccessibleName(self.tr("Runs"))
        self.tree.setHeaderLabels([self.tr("Run"), self.tr("Updates"), self.tr("Last J")])
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setWordWrap(True)
        self.tree.header().sectionResized.connect(lambda *_: self.tree.scheduleDelayedItemsLayout())
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.itemDoubleClicked.connect(lambda *_: self.visit())
        self.tree.itemChanged.connect(self._edited)
        self.tree.currentItemChanged.connect(lambda *_: self._enable())
        self.hint = QLabel(
            self.tr("Go back, change something and train: the old run stays, and both curves are shown.")
        )
        self.hint.setWordWrap(True)
        self.branch_button = self._button(
            self.tr("Branch from here"),
            self.tr("A run of its own from here on (Y)"),
            workspace.branches.branch,
        )
        self.go_button = self._button(
            self.tr("Go there"), self.tr("To the end of this run (Enter)"), self.visit
        )
        self.rename_button = self._button(
            self.tr("Rename"), self.tr("Give this run another name (F2)"), self.rename
        )
        self.delete_button = self._button(
            self.tr("Delete"), self.tr("Delete this run (Del); undo brings it back"), self.delete
        )
        self.branch_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._row = QHBoxLayout()
        for button in (self.branch_button, self.go_button, self.rename_button, self.delete_button):
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.hint)
        self._column.addWidget(self.tree, 1)
        self._column.addLayout(self._row)
        self.setFocusProxy(self.tree)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._pacing.again()

    def refresh_state(self) -> None:
        self._pacing.again()
        self._enable()

    def refresh(self, snapshot: Snapshot) -> None:
        if not self._pacing.due(snapshot):
            return
        found = self.workspace.branches.shown
        self.hint.setVisible(len(found) < 2)
        known = [
            (each.number, each.name, each.change, each.end, each.number == snapshot.on) for each in found
        ]
        if known != self._known and self.tree.state() != QAbstractItemView.State.EditingState:
            self._known = known
            self._fill(found, snapshot.on)
        self._enable()

    def restyle(self, theme: Theme) -> None:
        self.tree.setFont(theme.fonts.ui)
        self.tree.header().setFont(theme.fonts.small)
        self.hint.setFont(theme.fonts.ui)
        self.hint.setStyleSheet(f"color: {theme.css('text-muted')}")
        side = theme.px(16)
        self.tree.setIndentation(side + theme.px(6))
        self.tree.setIconSize(QSize(side, side))
        for button, name in (
            (self.branch_button, "git-branch"),
            (self.go_button, "corner-down-right"),
            (self.rename_button, "pencil"),
            (self.delete_button, "trash-2"),
        ):
            button.setFont(theme.fonts.ui)
            button.setIcon(icon(name, theme))
            button.setIconSize(QSize(side, side))
        self._row.setSpacing(theme.space(0.5))
        self._column.setContentsMargins(*4 * (theme.space(1),))
        self._column.setSpacing(theme.space(1))
        self._known = None
        self._pacing.again()

    # ---------------------------------------------------------------- what is done

    @property
    def chosen(self) -> int | None:
        """The number of the run in the row that has the focus."""
        item = self.tree.currentItem()
        return None if item is None or item.parent() is not None else int(item.data(0, NUMBER))

    def visit(self) -> None:
        """Go to the end of the chosen run."""
        if self.chosen is not None:
            self.workspace.branches.visit(self.chosen)

    def rename(self) -> None:
        """Type another name into the row."""
        item = self.tree.currentItem()
        if item is not None:
            self.tree.setFocus()
            self.tree.editItem(item, 0)

    def delete(self) -> None:
        """Forget the chosen run; undo brings it back."""
        if self.chosen is not None:
            self.workspace.branches.delete(self.chosen)

    # ---------------------------------------------------------------- rows

    def _button(self, text: str, tip: str, run: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda _=False: run())
        return button

    def _fill(self, runs: tuple[Run, ...], present: int) -> None:
        self._filling = True
        chosen = self.chosen if self.chosen is not None else present
        self.tree.clear()
        for run in runs:
            item = self._row_of(run, run.number == present)
            self.tree.addTopLevelItem(item)
            self._explain(item, run)
            if run.number == chosen:
                self.tree.setCurrentItem(item)
        self._filling = False

    def _row_of(self, run: Run, present: bool) -> QTreeWidgetItem:
        theme = self.workspace.theme
        J = format_number(float(run.values[-1])) if len(run.values) else ""
        item = QTreeWidgetItem([run.name, f"{run.end:,}", J])
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setData(0, NUMBER, run.number)
        item.setIcon(0, icon("play" if present else "git-branch", theme))
        for column in (1, 2):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if present:
            font = self.tree.font()
            font.setBold(True)
            item.setFont(0, font)
            item.setToolTip(0, self.tr("The present run"))
            item.setData(
                0, Qt.ItemDataRole.AccessibleTextRole, self.tr("{0}, the present run").format(run.name)
            )
        return item

    def _explain(self, item: QTreeWidgetItem, run: Run) -> None:
        """Below a run where it branched off, and what was changed there."""
        parent = self.workspace.branches.runs.get(run.parent) if run.parent is not None else None
        if parent is None:
            return
        words = self.tr("At update {0}").format(run.fork)
        text = f"{words}: {run.change}" if run.change else words
        below = QTreeWidgetItem(item, [text])
        below.setFlags(Qt.ItemFlag.ItemIsEnabled)
        below.setFont(0, self.workspace.theme.fonts.small)
        below.setForeground(0, self.workspace.theme.colour("text-muted"))
        below.setToolTip(0, self.tr("From {0}. {1}").format(parent.name, text))
        below.setFirstColumnSpanned(True)
        item.setExpanded(True)

    def _edited(self, item: QTreeWidgetItem, column: int) -> None:
        if self._filling or column != 0 or item.parent() is not None:
            return
        self.workspace.branches.rename(int(item.data(0, NUMBER)), item.text(0))
        self._known = None
        self._pacing.again()

    def _enable(self) -> None:
        branches, chosen = self.workspace.branches, self.chosen
        present = branches.present
        other = chosen is not None and present is not None and chosen != present.number
        self.branch_button.setEnabled(branches.possible)
        self.go_button.setEnabled(other or branches.in_the_past)
        self.rename_button.setEnabled(chosen is not None)
        self.delete_button.setEnabled(other)

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(300), theme.px(240))
