"""The breakpoints panel: at which events training stops, and what happened at the last one."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.session import Snapshot
from gui.icons import icon, pixmap
from gui.panel import Panel
from gui.theme import Theme
from gui.walkthrough.breakpoint_form import BreakpointForm
from gui.walkthrough.breakpoint_row import BreakpointRow
from gui.workspace import Workspace


class BreakpointsPanel(Panel):
    """The last hit on top, then a row for every breakpoint, then the form for one more."""

    name = "breakpoints"
    title = "Breakpoints"
    icon = "flag"
    area = Qt.DockWidgetArea.RightDockWidgetArea
    rank = 40
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.setAccessibleName(self.tr("Breakpoints"))
        self.rows: list[BreakpointRow] = []
        self._stop = QFrame()
        self._stop.setObjectName("last-stop")
        self._sign, self.happened = QLabel(), QLabel()
        self.happened.setWordWrap(True)
        self.happened.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.back = QPushButton(self.tr("Go back before it"))
        self.back.setToolTip(
            self.tr("To the exact state before the update, or the step, at which it stopped")
        )
        self.back.clicked.connect(lambda _=False: workspace.breakpoints.go_back())
        self._hint = QLabel(
            self.tr(
                "Training stops right after the update that brings an event about: an example becomes"
                " correct, a weight changes its sign, a neuron dies. A walk stops at a neuron or layer."
            )
        )
        self._slower = QLabel(
            self.tr("Training is slower: after every update the network runs on all of the data.")
        )
        for each in (self._hint, self._slower):
            each.setWordWrap(True)
        self.add = QPushButton(self.tr("Add …"))
        self.add.setToolTip(self.tr("One more event at which training stops"))
        self.add.clicked.connect(self._begin_form)
        self.form: BreakpointForm | None = None
        self._put_together()
        workspace.breakpoints_changed.connect(self._changed)
        self.restyle(workspace.theme)

    def _put_together(self) -> None:
        self._stop_row = QVBoxLayout(self._stop)
        head = QHBoxLayout()
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.happened, 1)
        self._stop_row.addLayout(head)
        self._stop_row.addWidget(self.back, 0, Qt.AlignmentFlag.AlignRight)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._list = QVBoxLayout()
        self._column.addWidget(self._stop)
        self._column.addWidget(self._hint)
        self._column.addLayout(self._list)
        self._column.addWidget(self._slower)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self.area_within = QScrollArea()
        self.area_within.setWidgetResizable(True)
        self.area_within.setFrameShape(QFrame.Shape.NoFrame)
        self.area_within.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area_within.setWidget(inside)
        inside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area_within)
        self.setFocusProxy(self.add)

    # ---------------------------------------------------------------- panel

    def refresh(self, snapshot: Snapshot) -> None:
        self.back.setEnabled(self.workspace.breakpoints.can_go_back)

    def refresh_state(self) -> None:
        found = self.workspace.breakpoints
        self._fill_rows()
        self._stop.setVisible(found.hit is not None)
        if found.hit is not None:
            self.happened.setText(found.hit.sentence)
            self.happened.setAccessibleName(found.hit.sentence)
            self.back.setEnabled(found.can_go_back)
        self._hint.setVisible(not found.entries and self.form is None)
        self._slower.setVisible(found.slow)
        if self.form is not None:
            self.form.look_around()

    def restyle(self, theme: Theme) -> None:
        space = theme.space()
        self._column.setContentsMargins(space, space, space, space)
        self._column.setSpacing(space)
        self._list.setSpacing(theme.space(0.5))
        self._stop_row.setContentsMargins(space, space, space, space)
        self._sign.setPixmap(pixmap("flag", theme, 18, "accent"))
        for label in (self._hint, self.happened, self.add, self.back):
            label.setFont(theme.fonts.ui)
        self._slower.setFont(theme.fonts.small)
        side = theme.px(16)
        for button, name in ((self.add, "plus"), (self.back, "skip-back")):
            button.setIcon(icon(name, theme))
            button.setIconSize(QSize(side, side))
        self._stop.setStyleSheet(
            f"#last-stop {{ background: {theme.css('raised')}; border: 1px solid {theme.css('accent')};"
            " border-radius: 4px; }"
        )
        for row in self.rows:
            row.restyle(theme)
        if self.form is not None:
            self.form.restyle(theme)

    # ---------------------------------------------------------------- rows

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh_state()

    def _fill_rows(self) -> None:
        found = self.workspace.breakpoints
        while len(self.rows) > len(found.entries):
            row = self.rows.pop()
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(found.entries):
            row = BreakpointRow(self.workspace)
            self.rows.append(row)
            self._list.addWidget(row)
            row.show()
        for row, entry in zip(self.rows, found.entries, strict=True):
            row.show_entry(entry)

    # ---------------------------------------------------------------- one more

    def _begin_form(self) -> None:
        self.form = BreakpointForm(self.workspace)
        self.form.ended.connect(self._end_form)
        self._column.insertWidget(self._column.indexOf(self.add), self.form)
        self.form.show()
        self.add.hide()
        self.refresh_state()
        self.form.kinds.setFocus()

    def _end_form(self) -> None:
        form, self.form = self.form, None
        if form is not None:
            self._column.removeWidget(form)
            form.hide()
            form.deleteLater()
        self.add.show()
        self.add.setFocus()
        self.refresh_state()

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(300), theme.px(320))
