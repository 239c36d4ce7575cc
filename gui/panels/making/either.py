"""What a panel shows, or in its place the one sentence that says what it needs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from gui.theme import Theme


class Either(QStackedWidget):
    """Begins with the sentence."""

    def __init__(self, shown: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.sentence = QLabel()
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        self.sentence.setMinimumWidth(1)
        self.addWidget(self.sentence)
        self.addWidget(shown)

    def say(self, sentence: str) -> None:
        """What is needed; nothing if all is there."""
        self.sentence.setText(sentence)
        self.setCurrentWidget(self.sentence if sentence else self.shown)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self.sentence.setFont(theme.fonts.ui)
        self.sentence.setStyleSheet(f"color: {theme.css('text-muted')}")
        self.sentence.setContentsMargins(*[theme.space(2)] * 4)
