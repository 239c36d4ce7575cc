"""The menu of the frame around a group of layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from gui.editor.menus.entry import add_copying, entry
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_group(menu: QMenu, canvas: Canvas, group: str) -> None:
    """What is done with all layers in it."""
    layers = canvas.network.enclosures.layers_of(group)
    chosen = Selection(layers=layers)
    text = canvas.tr("Select {count} layers").format(count=len(layers))
    entry(menu, canvas, text, "square-dashed", lambda: canvas.workspace.select(chosen))
    menu.addSeparator()
    add_copying(menu, canvas, chosen)
    text = canvas.tr("Remove {count} layers").format(count=len(layers))
    entry(menu, canvas, text, "trash-2", lambda: canvas.remove(layers=layers))
