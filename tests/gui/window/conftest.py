"""A whole window with settings and folders of its own, closed and gone after each test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.document import Document
from engine.samples import first_light
from gui import crash
from gui import theme as themes
from gui.look import Look
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.workspace import Workspace


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Logs and recovery copies go here."""
    folder = tmp_path / "axon"
    folder.mkdir()
    monkeypatch.setattr(crash, "folder", lambda: folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, qapp: QApplication) -> Settings:
    """Settings in a file of their own."""
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def errors(qapp: QApplication) -> Iterator[list[str]]:
    """Details of everything that went wrong unseen; a test that expects something empties it."""
    found: list[str] = []

    def note(_: str, details: str) -> None:
        found.append(details)

    crash.reporter()._told.clear()
    crash.reporter().happened.connect(note)
    yield found
    crash.reporter().happened.disconnect(note)
    assert not found, found[0]


@pytest.fixture
def make_window(
    qtbot: QtBot, own_folder: Path, tmp_path: Path, errors: list[str]
) -> Iterator[Callable[..., MainWindow]]:
    """Opens a window; all are closed without a question at the end."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-4)
    opened: list[MainWindow] = []
    themes.load_fonts()

    def made(
        document: Document | None = None, *, size: tuple[int, int] = (1280, 860), file: str = "settings.ini"
    ) -> MainWindow:
        settings = Settings(tmp_path / file)
        look = Look(settings)
        look.put_on()
        window = MainWindow(Workspace(look.theme, document or first_light()), settings, look)
        opened.append(window)
        window.resize(QSize(*size))
        with qtbot.waitSignal(window.painted):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.isActiveWindow() and window.workspace.snapshot.data is not None)
        qtbot.wait(20)
        return window

    yield made
    sys.setswitchinterval(before)
    for window in opened:
        window.close_at_once()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    """A window on the first-light network."""
    return make_window()
