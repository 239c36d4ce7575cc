"""The trail: from the step through the numbers that were clicked, as a row of buttons that lead back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from gui.theme import Theme

MOST = 4
"""Places that are shown; of a longer trail the first and the last ones."""


class Trail(QWidget):
    """Breadcrumbs; hidden while the step itself is shown."""

    went_to = Signal(int)
    """A place on the trail was clicked: the number of clicked numbers that stay, 0 for the step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Where this number comes from"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.buttons: list[QToolButton] = []

    def show_places(self, first: str, places: Sequence[str], theme: Theme) -> None:
        """The step and the numbers clicked since."""
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.buttons = []
        names = [first, *places]
        kept = list(range(len(names)))
        if len(kept) > MOST:
            kept = [0, *kept[1 - MOST :]]
        self._row.setSpacing(theme.space(0.25))
        self._row.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), 0)
        for number in kept:
            if number:
                self._row.addWidget(QLabel("›" if number - 1 in kept else "› … ›", self))
            button = QToolButton(self)
            button.setText(names[number])
            button.setFont(theme.fonts.small)
            button.setAutoRaise(True)
            button.setEnabled(number < len(names) - 1)
            button.clicked.connect(lambda _=False, keep=number: self.went_to.emit(keep))
            self._row.addWidget(button)
            self.buttons.append(button)
        self._row.addStretch(1)
        self.setVisible(bool(places))
