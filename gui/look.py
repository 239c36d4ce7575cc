"""The look of the whole program: which colours, and how large."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui import theme as themes
from gui.settings import LOOK, TEXT_SIZE, Setting, Settings
from gui.theme import Theme
from gui.workspace import Workspace

AT_ONCE = 1e-5
"""Seconds that the worker may keep the window waiting while the look changes."""


def system_theme() -> str:
    """``dark`` if the system says so, else ``light``."""
    dark = QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


class Look(QObject):
    """Chooses the theme by the settings, the system and projector mode, and puts it on."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.workspace: Workspace | None = None
        self.borrowed: str | None = None
        """The look of an open file, as long as the user has chosen none."""
        self._projector: float | None = None
        self._putting_on = False
        settings.changed.connect(self._setting)
        QApplication.styleHints().colorSchemeChanged.connect(self._scheme)

    @property
    def theme(self) -> Theme:
        """The theme that the present choices lead to."""
        name = self.settings.get(LOOK)
        if name == "auto":
            name = self.borrowed or system_theme()
        if name not in themes.available_themes():
            name = "light"
        scale = self._projector or self.settings.get(TEXT_SIZE) / 100
        return themes.load_theme(name, scale)

    def put_on(self) -> None:
        """Give the program the theme; nothing happens if it has it already."""
        if self._putting_on:
            return
        theme = self.theme
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._putting_on = True
        # every widget is asked for its looks again: the worker gives way meanwhile
        turn = sys.getswitchinterval()
        sys.setswitchinterval(AT_ONCE)
        try:
            if theme is not themes.current() or app.property("axon-style") is None:
                themes.apply(app, theme)
            if self.settings.get(LOOK) == "auto" and self.borrowed is None:
                app.styleHints().unsetColorScheme()
            if self.workspace is not None and self.workspace.theme is not theme:
                self.workspace.set_theme(theme)
        finally:
            self._putting_on = False
            sys.setswitchinterval(turn)

    def project(self, window_height: int | None) -> None:
        """Projector mode for a window of that height; ``None`` ends it."""
        self._projector = themes.projector_scale(window_height) if window_height is not None else None
        self.put_on()

    def borrow(self, name: str | None) -> None:
        """Take over the look of a file, unless the user has chosen one."""
        self.borrowed = name if name in themes.available_themes() else None
        self.put_on()

    def _setting(self, setting: Setting) -> None:
        if setting in (LOOK, TEXT_SIZE):
            self.borrowed = None
            self.put_on()

    def _scheme(self, _: object) -> None:
        if not self._putting_on and self.settings.get(LOOK) == "auto":
            QTimer.singleShot(0, self, self.put_on)
