"""The menu of a connection that is drawn as one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from gui.editor import commands
from gui.editor.marks import Thing
from gui.editor.menus.entry import add_insertion, entry
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_trunk(menu: QMenu, canvas: Canvas, thing: Thing) -> None:
    """A layer in its place, or the end of it."""
    workspace, trunks = canvas.workspace, canvas.network.trunks
    chosen, wire = workspace.selection.wires, trunks.wire(thing.wire)
    about = Selection(wires=chosen if wire in chosen else trunks.wires(thing.wire))
    add_insertion(menu, canvas, workspace.document.connection(*wire), trunks.middle(thing.wire))
    menu.addSeparator()
    many = canvas.tr("Cut {count} connections").format(count=len(about))
    text = many if len(about) > 1 else canvas.tr("Cut this connection")
    entry(menu, canvas, text, "scissors", lambda: commands.remove(workspace, about), canvas.tr("Del"))
