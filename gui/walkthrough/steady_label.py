"""A label whose width never shrinks, so that nothing beside it jumps while its numbers change."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget


class SteadyLabel(QLabel):
    """Text in tabular figures. ``widest`` is a text that is sure to come."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._widest = 0

    def show_text(self, text: str) -> None:
        """Show a text; a longer one than ever makes the label wider for good."""
        if text == self.text():
            return
        self.setText(text)
        self._widen(text)

    def set_font(self, font: QFont, widest: str = "") -> None:
        """Another font; the width begins anew at that of ``widest``."""
        self.setFont(font)
        self._widest = 0
        self._widen(widest)
        self._widen(self.text())

    def _widen(self, text: str) -> None:
        width = QFontMetrics(self.font()).horizontalAdvance(text) + 2
        if width > self._widest:
            self._widest = width
            self.setMinimumWidth(width)
