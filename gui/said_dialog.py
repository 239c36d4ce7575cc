"""The list of the last messages."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QVBoxLayout, QWidget

from gui.status import Said


class SaidDialog(QDialog):
    """The list of what was said, newest first."""

    def __init__(self, last: list[Said], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Last messages"))
        layout = QVBoxLayout(self)
        rows = QListWidget()
        rows.setAccessibleName(self.tr("Last messages"))
        rows.setWordWrap(True)
        rows.addItems([f"{each.at.toString('HH:mm')}   {each.sentence}" for each in reversed(last)])
        if last:
            layout.addWidget(rows)
        else:
            layout.addWidget(QLabel(self.tr("Nothing was said yet.")))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.resize(560, 320)
