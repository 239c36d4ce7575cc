"""The menu of a synapse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from gui.editor import commands
from gui.editor.marks import Thing
from gui.editor.menus.entry import add_insertion, entry
from gui.editor.menus.numbers import add_numbers
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_synapse(menu: QMenu, canvas: Canvas, thing: Thing) -> None:
    """Its weight, its lock, a layer in its place, the end of it."""
    workspace, wires, tr = canvas.workspace, canvas.network.wires, canvas.tr
    chosen = workspace.selection.synapses
    synapse = wires.synapse(thing.wire)
    about = chosen if synapse in chosen else frozenset({synapse})
    key, index = wires.cell(thing.wire)
    locked = wires.locked(thing.wire)
    first = commands.initial_of(workspace, key, index)

    def back() -> None:
        if first is not None:
            commands.set_value(workspace, key, index, first)

    def lock() -> None:
        commands.lock(workspace, about, not locked)

    entry(menu, canvas, tr("Set the weight …"), "pencil", lambda: canvas.edit(thing), tr("Enter"))
    now = commands.value_of(workspace, key, index)
    on = first is not None and first != now
    entry(menu, canvas, tr("Back to its initial value"), "rotate-ccw", back, on=on)
    text = tr("Unlock") if locked else tr("Lock: training leaves it as it is")
    entry(menu, canvas, text, "lock-open" if locked else "lock", lock, "L")
    stop = lambda: workspace.breakpoints.stop_at_sign(synapse)  # noqa: E731
    entry(menu, canvas, tr("Stop when its sign flips"), "flag", stop, on=not locked)
    wire = workspace.document.connection(synapse[0], synapse[2])
    add_insertion(menu, canvas, wire, wires.point(thing.wire, 0.5))
    add_numbers(menu, canvas, Selection(synapses=about))
    menu.addSeparator()
    many = tr("Cut {count} synapses").format(count=len(about))
    text = many if len(about) > 1 else tr("Cut this synapse")
    entry(menu, canvas, text, "scissors", lambda: commands.cut(workspace, about), tr("Del"))
