"""The entries that explain the number under the mouse; they stand first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from gui.editor.explaining import cell_at
from gui.editor.marks import Thing
from gui.editor.menus.entry import entry

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_explaining(menu: QMenu, canvas: Canvas, thing: Thing, point: QPointF) -> None:
    """Where the number comes from, and its way through the network."""
    cell = cell_at(canvas, thing, point)
    if cell is None:
        return
    workspace, tr, first = canvas.workspace, canvas.tr, next(iter(menu.actions()), None)
    made = [
        entry(menu, canvas, tr("Explain this number"), "sigma", lambda: workspace.explain(cell), "E"),
        entry(menu, canvas, tr("Follow this number"), "spline", lambda: workspace.follow(cell), "Shift+E"),
        menu.addSeparator(),
    ]
    if first is not None:
        menu.insertActions(first, made)
