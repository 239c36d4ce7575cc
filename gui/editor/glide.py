"""Zooming a large network: the last picture, stretched, until the hand rests."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsView, QWidget

RESTS = 40
"""Milliseconds without another turn of the wheel after which all is painted exactly."""


class Glide(QWidget):
    """Lies over the canvas while the zoom changes; below it nothing has to be painted."""

    def __init__(self, view: QGraphicsView, heavy: Callable[[], bool], rests: Callable[[], None]) -> None:
        super().__init__(view)
        self._view, self._heavy, self._rests = view, heavy, rests
        self._picture = QPixmap()
        self._from = QTransform()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(RESTS)
        self._timer.timeout.connect(self.end)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hide()

    def begin(self) -> None:
        """The zoom is about to change; what can be painted at once is painted at once."""
        if not self.isHidden():
            self._timer.start()
        elif self._view.isVisible() and self._heavy():
            viewport = self._view.viewport()
            self._picture, self._from = viewport.grab(), self._view.viewportTransform()
            self.setGeometry(viewport.geometry())
            self.show()
            self._timer.start()

    def follow(self) -> None:
        """The camera moved."""
        if not self.isHidden():
            self.update()

    def end(self) -> None:
        """Show what is really there."""
        if not self.isHidden():
            self._timer.stop()
            self.hide()
            self._picture = QPixmap()
            self._rests()

    def paintEvent(self, event: QPaintEvent) -> None:
        back, possible = self._from.inverted()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._view.backgroundBrush())
            if possible:
                painter.setTransform(back * self._view.viewportTransform())
                painter.drawPixmap(0, 0, self._picture)
