"""A layout that an older version kept: it knows nothing of panels that came later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.settings import Settings


def test_panels_that_an_older_layout_does_not_know_are_closed(
    qtbot: QtBot, tmp_path: Path, make_window: Callable[..., MainWindow]
) -> None:
    old = QMainWindow()
    qtbot.addWidget(old)
    for name, area in (
        ("palette", Qt.DockWidgetArea.LeftDockWidgetArea),
        ("inspector", Qt.DockWidgetArea.RightDockWidgetArea),
    ):
        dock = QDockWidget(old)
        dock.setObjectName(f"dock-{name}")
        old.addDockWidget(area, dock)
    settings = Settings(tmp_path / "settings.ini")
    for name in ("build", "train", "walk"):
        settings.set_layout(f"{name}-wide", old.saveState())
    settings.save()
    window = make_window()
    docks = window.docks
    assert {dock.kind.name for dock in docks.all if dock.isVisible()} == {"palette", "inspector"}
    weights = docks.dock("weights")
    assert weights is not None
    docks.toggle(weights)
    qtbot.waitUntil(weights.isVisible)
    assert window.dockWidgetArea(weights) == weights.kind.area
    assert weights.geometry().width() > 150
