"""Entries that open the panels about weights for what the menu is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from gui.editor.menus.entry import entry
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_numbers(menu: QMenu, canvas: Canvas, about: Selection, *, history: bool = True) -> None:
    """The weights as a table, their course over the updates, and one of them nudged."""

    def show(panel: str) -> None:
        canvas.workspace.select(about)
        canvas.workspace.wanted.emit(panel)

    entry(menu, canvas, canvas.tr("Show the weights as a table"), "table", lambda: show("weights"))
    if history:
        entry(menu, canvas, canvas.tr("Show the history"), "history", lambda: show("history"))
    if len(about.synapses) + len(about.units) == 1:
        entry(menu, canvas, canvas.tr("Nudge it and see what J does"), "hand", lambda: show("nudge"))
