"""The digits of the whole window: how many decimals, which decimal sign, fractions where they are exact."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QObject
from PySide6.QtWidgets import QApplication, QWidget

from gui.panel import Panel
from gui.settings import DECIMAL_SIGN, DECIMALS, FRACTIONS, Setting, Settings
from gui.widgets import numbers
from gui.widgets.number_edit import NumberEdit
from gui.widgets.numbers import Writing
from gui.workspace import Workspace

AROUND = (3, 5)
"""One fewer and one more than the four digits that are shown where no decimals are chosen."""


class Digits(QObject):
    """Takes over the settings of numbers, and has everything that shows some drawn anew."""

    def __init__(self, workspace: Workspace, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._settings, self._window = workspace, settings, window
        self._take_over()
        settings.changed.connect(self._setting)

    def more(self, step: int) -> None:
        """One decimal more, or with a negative step one fewer."""
        choices = [int(each.value) for each in DECIMALS.choices[1:]]
        now = self._settings.get(DECIMALS)
        wanted = now + step if now else AROUND[step > 0]
        self._settings.set(DECIMALS, min(max(wanted, choices[0]), choices[-1]))

    def _setting(self, setting: Setting) -> None:
        if setting not in (DECIMALS, DECIMAL_SIGN, FRACTIONS):
            return
        self._take_over()
        workspace = self._workspace
        workspace.set_theme(workspace.theme)  # what shows numbers lays them out anew
        for panel in self._window.findChildren(Panel):
            if panel.isVisible():
                panel.refresh_state()
                panel.refresh(workspace.snapshot)
        for field in self._window.findChildren(NumberEdit):
            QApplication.sendEvent(field, QEvent(QEvent.Type.LocaleChange))

    def _take_over(self) -> None:
        get = self._settings.get
        numbers.write_as(Writing(get(DECIMALS) or None, get(FRACTIONS)))
        numbers.sign_as(get(DECIMAL_SIGN))
        if self._window.locale() != QLocale():
            self._window.setLocale(QLocale())
