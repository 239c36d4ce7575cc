"""The dialog of the settings, made of their table."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from gui.settings import SETTINGS, Setting, Settings, translated


class SettingsDialog(QDialog):
    """A form made of the table of settings; what is chosen holds at once."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        self._settings = settings
        form = QFormLayout()
        form.setVerticalSpacing(12)
        for setting in SETTINGS:
            if setting.title and setting.choices:
                form.addRow(translated(setting.title), self._choices(setting))
                form.addRow("", self._summary(setting))
            elif setting.title:
                form.addRow("", self._tick(setting))
                form.addRow("", self._summary(setting))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def _choices(self, setting: Setting) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(translated(setting.title))
        for choice in setting.choices:
            box.addItem(translated(choice.title), choice.value)
        box.setCurrentIndex(box.findData(self._settings.get(setting)))
        box.activated.connect(lambda place: self._settings.set(setting, box.itemData(place)))
        return box

    def _tick(self, setting: Setting) -> QCheckBox:
        box = QCheckBox(translated(setting.title))
        box.setAccessibleName(translated(setting.title))
        box.setChecked(self._settings.get(setting))
        box.toggled.connect(lambda ticked: self._settings.set(setting, ticked))
        return box

    def _summary(self, setting: Setting) -> QLabel:
        label = QLabel(translated(setting.summary))
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        return label
