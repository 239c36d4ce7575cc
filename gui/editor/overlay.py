"""A line at the upper edge of the canvas: why the network cannot be trained."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from engine.document import Document
from engine.session import Snapshot
from gui.theme import Theme


class Banner(QLabel):
    """Shown only when there is something to say; never in the way of the mouse."""

    changed = Signal()
    """It came or went, or says something else: another part of the canvas is free."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.hide()
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self._theme = theme
        self.setFont(theme.fonts.ui)
        across, down = theme.space(1.5), theme.space(0.75)
        self.setContentsMargins(across, down, across, down)
        self.place()

    def show_state(self, document: Document, snapshot: Snapshot) -> None:
        """What is to be said of the network now."""
        # an empty canvas says what to do in its middle
        text = snapshot.problem if document.layers else ""
        if text != self.text():
            self.setText(text)
            self.setVisible(bool(text))
            self.place()
            self.changed.emit()

    def place(self) -> None:
        """In the middle of the upper edge, as wide as the text needs."""
        parent, gap = self.parentWidget(), self._theme.space(1)
        if not self.text() or parent is None:
            return
        self.setWordWrap(False)
        wide = min(self.sizeHint().width(), parent.width() - 2 * gap)
        self.setWordWrap(True)
        self.resize(wide, self.heightForWidth(wide))
        self.move((parent.width() - wide) // 2, gap)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("warning"), 1.5))
            painter.setBrush(self._theme.colour("panel", 0.95))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        super().paintEvent(event)
