"""One breakpoint of the list: a box to tick, the event in words, and a cross."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QToolButton, QWidget

from engine.core.spec import Spec
from gui.breakpoints import Entry
from gui.icons import icon
from gui.theme import Theme
from gui.workspace import Workspace


class Words(QLabel):
    """The text beside a box, in as many lines as it needs; a click on it is one on the box."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class BreakpointRow(QWidget):
    """It says beneath the event why it cannot happen in the network as it is."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._spec = Spec("")
        self.box, self.words, self.trouble = QCheckBox(), Words(), QLabel()
        self.trouble.setWordWrap(True)
        self.remove = QToolButton()
        self.remove.setAutoRaise(True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(self.box, 0, 0, top)
        self._grid.addWidget(self.words, 0, 1)
        self._grid.addWidget(self.remove, 0, 2, top)
        self._grid.addWidget(self.trouble, 1, 1)
        self._grid.setColumnStretch(1, 1)
        self.box.clicked.connect(lambda on: workspace.breakpoints.switch(self._spec, bool(on)))
        self.words.clicked.connect(self.box.click)
        self.remove.clicked.connect(lambda _=False: workspace.breakpoints.remove(self._spec))
        self.restyle(workspace.theme)

    def show_entry(self, entry: Entry) -> None:
        """What the row is about."""
        self._spec = entry.spec
        text = self.workspace.breakpoints.said(entry.spec)
        unfit = self.workspace.breakpoints.unfit(entry.spec)
        self.words.setText(text)
        self.box.setChecked(entry.on)
        self.box.setAccessibleName(self.tr("Stop when: {event}").replace("{event}", text))
        self.remove.setAccessibleName(self.tr("Remove: {event}").replace("{event}", text))
        self.remove.setToolTip(self.tr("Remove this breakpoint"))
        self.trouble.setText(f"⚠ {unfit}")
        self.trouble.setVisible(bool(unfit))

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self.words.setFont(theme.fonts.ui)
        self.trouble.setFont(theme.fonts.small)
        self.trouble.setStyleSheet(f"color: {theme.css('error')}")
        self.remove.setIcon(icon("x", theme))
        side = theme.px(16)
        self.remove.setIconSize(QSize(side, side))
        for each in (self.box, self.words):
            each.setMinimumHeight(self.remove.sizeHint().height())
        self._grid.setHorizontalSpacing(theme.space(1))
        self._grid.setVerticalSpacing(theme.px(2))
