"""A panel with a chart: it waits with importing pyqtgraph until the window has been painted once."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.panel import Panel
from gui.workspace import Workspace


class ChartPanel(Panel):
    """``ready`` is true after the first paint; only from then on a chart may be made."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.ready = False
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.timeout.connect(self._become_ready)

    def _become_ready(self) -> None:
        self.ready = True
        if self.isVisible():
            self.begin()
            self.refresh_state()
            self.refresh(self.workspace.snapshot)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.ready and not self._painted.isActive():
            self._painted.start(0)
