"""A label whose width never shrinks, so that nothing beside it jumps while its numbers change."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QLabel, QWidget


class SteadyLabel(QLabel):
    """Text in tabular figures."""

    widened = Signal()
    """Its minimum width grew."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._widest = 0

    def show_text(self, text: str) -> None:
        """Show a text; a longer one than ever makes the label wider for good."""
        if text == self.text():
            return
        self.setText(text)
        if self._widen(text):
            self.widened.emit()

    def set_font(self, font: QFont, widest: str = "") -> None:
        """Another font; the width begins anew at that of ``widest``, a text that is sure to come."""
        self.setFont(font)
        self._widest = 0
        self._widen(widest)
        self._widen(self.text())

    def _widen(self, text: str) -> bool:
        width = math.ceil(QFontMetricsF(self.font()).horizontalAdvance(text)) + 2
        if width <= self._widest:
            return False
        self._widest = width
        self.setMinimumWidth(width)
        return True
