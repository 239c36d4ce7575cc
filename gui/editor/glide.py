"""Moving the camera: the last picture, moved and stretched, until the hand rests."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QRegion, QTransform
from PySide6.QtWidgets import QGraphicsView, QWidget

RESTS = 40
"""Milliseconds without another turn of the wheel after which all is painted exactly."""
STANDS = 100
"""The same while the picture is only moved, and so not blurred: until the next notch of the wheel."""
FRESH = 0.1
"""Seconds that the picture is shown while the network learns; then it is taken anew."""


class Glide(QWidget):
    """Lies over the canvas while the camera moves; below it nothing has to be painted.

    What comes into sight at an edge is painted into the picture; while the zoom changes there is ground.
    """

    def __init__(self, view: QGraphicsView, live: Callable[[], bool], rests: Callable[[], None]) -> None:
        super().__init__(view)
        self._view, self._live, self._rests = view, live, rests
        self._picture = QPixmap()
        self._from = QTransform()
        self._taken = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.end)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hide()

    def begin(self) -> None:
        """The camera is about to move."""
        if self.isHidden() and self._view.isVisible():
            self._take()
            self.setGeometry(self._view.viewport().geometry())
            self.show()

    def follow(self) -> None:
        """The camera moved."""
        if self.isHidden():
            return
        now = self._view.viewportTransform()
        same = now.m11() == self._from.m11()
        if same and not (self._live() and time.monotonic() > self._taken + FRESH):
            self._shift(QPoint(round(now.dx() - self._from.dx()), round(now.dy() - self._from.dy())))
        elif same:
            self._take()
        self.update()
        self._timer.start(STANDS if same else RESTS)

    def end(self) -> None:
        """Show what is really there."""
        if not self.isHidden():
            self._timer.stop()
            self.hide()
            self._picture = QPixmap()
            self._rests()

    def _take(self) -> None:
        """The picture of now."""
        self._picture, self._from = self._view.viewport().grab(), self._view.viewportTransform()
        self._taken = time.monotonic()

    def _shift(self, by: QPoint) -> None:
        """Move the picture, and paint only what came into sight."""
        whole, ratio = self._view.viewport().rect(), self._picture.devicePixelRatio()
        across, down = by.x() * ratio, by.y() * ratio
        kept = whole.intersected(whole.translated(by))
        if kept.isEmpty() or across != int(across) or down != int(down):
            self._take()
            return
        self._picture.scroll(int(across), int(down), QRect(QPoint(), self._picture.size()))
        for strip in QRegion(whole) - QRegion(kept):  # type: ignore[attr-defined]  # the stubs leave it out
            self._view.viewport().render(self._picture, strip.topLeft(), QRegion(strip))
        self._from = self._view.viewportTransform()

    # ---------------------------------------------------------------- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        back, possible = self._from.inverted()
        with QPainter(self) as painter:
            way = back * self._view.viewportTransform()
            if not way.isIdentity():
                painter.fillRect(self.rect(), self._view.backgroundBrush())
                painter.setTransform(way)
            if possible:
                painter.drawPixmap(0, 0, self._picture)
