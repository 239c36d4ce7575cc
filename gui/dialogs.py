"""The dialogs of the window, made when they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from engine.core.spec import Spec
from engine.datasets import Data
from engine.fitting import choose_data

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Dialogs:
    """One method a dialog; none of them blocks the window's event loop."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def commands(self) -> None:
        """The command palette."""
        from gui.command_palette import CommandPalette

        window = self._window
        self._open(CommandPalette(window.commands.all(), window.workspace.theme, window))

    def shortcuts(self) -> None:
        """The sheet of keys."""
        from gui.shortcuts_sheet import ShortcutsSheet

        self._open(ShortcutsSheet(self._window.workspace.theme, self._window))

    def about(self) -> None:
        """Version and licences."""
        from gui.about import About

        self._open(About(self._window.workspace.theme, self._window))

    def preferences(self) -> None:
        """The settings."""
        from gui.settings_dialog import SettingsDialog

        self._open(SettingsDialog(self._window.settings, self._window))

    def messages(self) -> None:
        """The last sentences."""
        from gui.said_dialog import SaidDialog

        self._open(SaidDialog(self._window.notices.last, self._window))

    def import_data(self, file: Path | None = None) -> None:
        """How a table is to be read; then it is the network's data."""
        from gui.actions.network import OWN
        from gui.data_import import DataImport

        workspace = self._window.workspace
        what = self._window.tr("Import data")

        def take(data: Data, _: str) -> None:
            workspace.editing.attempt(what, choose_data, spec=Spec(OWN), table=data)

        dialog = DataImport(workspace.theme, file, self._window)
        dialog.chosen.connect(take)
        dialog.open()

    def help(self) -> None:
        """What is known about the widget that has the focus; else the sheet of keys."""
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self._window:
            text = widget.whatsThis() or widget.accessibleDescription() or widget.toolTip()
            if text:
                name = widget.accessibleName()
                self._window.notices.tell(f"{name}: {text}" if name else text)
                return
            widget = widget.parentWidget()
        self.shortcuts()

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
