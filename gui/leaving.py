"""What Esc ends: always the innermost thing that is going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gui.selection import Selection

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def leave(window: MainWindow) -> None:
    """End the innermost thing; with nothing left the keyboard goes to the canvas."""
    workspace = window.workspace
    ways: tuple[tuple[object, Callable[[], object]], ...] = (
        (workspace.explaining.asked, lambda: _end_explaining(window)),
        (workspace.walk is not None, workspace.walking.leave),
        (workspace.training.running, workspace.training.pause),
        (workspace.selection, lambda: workspace.select(Selection())),
        (window.notices.shown, window.notices.dismiss),
        (window.docks.projecting, lambda: window.set_projector(False)),
        (
            window.isFullScreen(),
            lambda: window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen),
        ),
    )
    for going_on, end in ways:
        if going_on:
            end()
            return
    window.canvas.setFocus()


def _end_explaining(window: MainWindow) -> None:
    """Back from the explanation, also with the keyboard."""
    window.workspace.explaining.end()
    formula = window.docks.dock("formula")
    if formula is not None and formula.isAncestorOf(QApplication.focusWidget() or window):
        window.canvas.setFocus()
