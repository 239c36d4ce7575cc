"""What is wrong with the network, above everything else in the inspector, and the way out of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from gui import icons
from gui.theme import Theme


class Banner(QFrame):
    """A sentence with a button to mend it where that can be done by itself."""

    fit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.picture, self.sentence = QLabel(), QLabel()
        self.sentence.setWordWrap(True)
        self.button = QPushButton(self.tr("Fit the network to the data"))
        self.button.clicked.connect(self.fit_wanted)
        self._grid = QGridLayout(self)
        self._grid.addWidget(self.picture, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.sentence, 0, 1)
        self._grid.addWidget(self.button, 1, 1)
        self._grid.setColumnStretch(1, 1)
        self.hide()
        self.restyle(theme)

    def tell(self, sentence: str, mendable: bool) -> None:
        """Show the sentence; an empty one hides the banner."""
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.button.setVisible(mendable)
        self.setVisible(bool(sentence))

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self.picture.setPixmap(icons.pixmap("triangle-alert", theme, 18, "warning"))
        self.sentence.setFont(theme.fonts.ui)
        self.button.setFont(theme.fonts.ui)
        self._grid.setContentsMargins(*[theme.space(1)] * 4)
        self._grid.setSpacing(theme.space(1))
        self.setStyleSheet(
            f"#banner {{ background: {theme.css('raised')}; border: 1px solid {theme.css('warning')};"
            " border-radius: 4px; }"
        )
