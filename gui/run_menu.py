"""The menu on an update of a run: to go there, or to branch off there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from gui.icons import icon

if TYPE_CHECKING:
    from gui.workspace import Workspace


def open_run_menu(workspace: Workspace, parent: QWidget, place: QPoint, step: int, run: int | None) -> None:
    """``run`` is the number of another run than the present one, or ``None``; ``step`` an update of it."""
    branches, theme = workspace.branches, workspace.theme
    present = branches.present
    if present is None:
        return
    chosen = present if run is None or run not in branches.runs else branches.runs[run]
    step = max(chosen.curve.start, min(step, chosen.end))
    menu = QMenu(parent)
    menu.setAccessibleName(_tr("Runs"))
    menu.aboutToHide.connect(menu.deleteLater)
    words = _tr("&Go to update {0}") if chosen is present else _tr("&Go to update {0} of {1}")
    menu.addAction(
        icon("corner-down-right", theme),
        words.format(step, chosen.name),
        partial(branches.go, chosen.number, step),
    )
    action = menu.addAction(
        icon("git-branch", theme),
        _tr("&Branch at update {0}").format(step),
        partial(branches.branch_at, chosen.number, step),
    )
    action.setEnabled(not chosen.empty)
    menu.addSeparator()
    menu.addAction(icon("list", theme), _tr("All &runs"), partial(workspace.wanted.emit, "runs"))
    menu.popup(place)


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunMenu", text)
