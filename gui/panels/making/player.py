"""Playing through frames: back, forward, on by itself, and a slider over all of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from gui.icons import icon
from gui.theme import Theme

BEAT = 70
"""Milliseconds from frame to frame."""


class Player(QWidget):
    """At the last frame it stops; played from there it begins anew. Hidden it stands still."""

    moved = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._on)
        self.back = self._button(self.tr("One frame back"), lambda: self._step(-1))
        self.play = self._button(self.tr("Play the frames"), self.play_or_pause)
        self.forward = self._button(self.tr("One frame forward"), lambda: self._step(1))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Frame"))
        self.slider.setRange(0, 0)
        self.slider.valueChanged.connect(self.moved.emit)
        self.slider.sliderPressed.connect(self.stop)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.back, self.play, self.forward, self.slider):
            self._row.addWidget(widget, int(widget is self.slider))
        self.set_theme(theme)

    def _button(self, name: str, then: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda _: then())
        return button

    @property
    def frame(self) -> int:
        """Which frame is shown, counted from 0."""
        return self.slider.value()

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._beat.isActive()

    def set_count(self, count: int) -> None:
        """How many frames there are; who stands at the end stays at the end."""
        last = max(0, count - 1)
        if last != self.slider.maximum():
            end = self.frame == self.slider.maximum()
            self.slider.setRange(0, last)
            if end:
                self.go_to(last)

    def go_to(self, frame: int) -> None:
        """Show a frame."""
        self.slider.setValue(frame)

    def play_or_pause(self) -> None:
        """Go on by itself, or stop."""
        if self.playing:
            self.stop()
            return
        if self.frame == self.slider.maximum():
            self.go_to(0)
        self._beat.start()
        self._draw()

    def stop(self) -> None:
        """Stand still."""
        self._beat.stop()
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self._row.setSpacing(theme.space(0.5))
        self.back.setIcon(icon("step-back", theme))
        self.forward.setIcon(icon("step-forward", theme))
        for button in (self.back, self.play, self.forward):
            button.setIconSize(QSize(theme.px(18), theme.px(18)))
        self.slider.setMinimumWidth(theme.px(60))
        self._draw()

    def _draw(self) -> None:
        self.play.setIcon(icon("pause" if self.playing else "play", self._theme))
        name = self.tr("Pause the frames") if self.playing else self.tr("Play the frames")
        self.play.setAccessibleName(name)
        self.play.setToolTip(name)

    def _step(self, step: int) -> None:
        self.stop()
        self.go_to(self.frame + step)

    def _on(self) -> None:
        if self.frame < self.slider.maximum():
            self.go_to(self.frame + 1)
        else:
            self.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stop()
