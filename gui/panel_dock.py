"""The dock of one panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QScrollArea, QWidget

from gui import crash
from gui.panel import Panel
from gui.workspace import Workspace


class PanelDock(QDockWidget):
    """The dock of one panel, which is made when it is seen for the first time.

    The panel lies in a scroll area, so that no panel can make the window larger than the screen.
    """

    def __init__(self, kind: type[Panel], workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind, self.workspace = kind, workspace
        self.panel: Panel | None = None
        self.setObjectName(f"dock-{kind.name}")
        self.setWindowTitle(self.tr(kind.title))
        self.setAccessibleName(kind.title)
        self._frame = QScrollArea()
        self._frame.setFrameShape(QFrame.Shape.NoFrame)
        self._frame.setWidgetResizable(True)
        self._frame.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._frame.setAccessibleName(kind.title)
        self.setWidget(self._frame)
        self.toggleViewAction().setToolTip(kind.title)

    def show_title(self, shown: bool) -> None:
        """With or without its title bar; without one it cannot be moved or closed."""
        self.setTitleBarWidget(None if shown else QWidget(self))  # type: ignore[arg-type]

    def fill(self) -> bool:
        """Make the panel if there is none yet; whether it was made now."""
        if self.panel is None:
            with crash.guarded():
                self.panel = self.kind(self.workspace)
                self._frame.setWidget(self.panel)
                return True
        return False
