"""The menu of a neuron or its bias."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from gui.editor import commands
from gui.editor.marks import Kind, Thing
from gui.editor.menus.connecting import add_connect
from gui.editor.menus.entry import add_copying, entry
from gui.editor.menus.layer import add_layer
from gui.editor.menus.numbers import add_numbers
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_neuron(menu: QMenu, canvas: Canvas, thing: Thing) -> None:
    """The neuron first, then its layer."""
    workspace, tr = canvas.workspace, canvas.tr
    layer, key = thing.unit
    place = canvas.network.geometry.places[layer]
    units = workspace.selection.units
    about = units if thing.unit in units else frozenset({thing.unit})
    if place.bias:
        bias = Thing(Kind.BIAS, layer, key)
        entry(menu, canvas, tr("Set the bias …"), "pencil", lambda: canvas.edit(bias), tr("Enter"))
    at = workspace.document.layer(layer).unit(key) + 1

    def add() -> None:
        commands.add_unit(workspace, layer, at)

    entry(menu, canvas, tr("Add a neuron below"), "circle-plus", add, tr("Ins"))
    add_connect(menu, canvas, layer, key)
    add_numbers(menu, canvas, Selection(units=about))
    if workspace.breakpoints.can_die(layer):
        stop = lambda: workspace.breakpoints.stop_at_death(layer, key)  # noqa: E731
        entry(menu, canvas, tr("Stop when it dies"), "flag", stop)
    menu.addSeparator()
    add_copying(menu, canvas, Selection(units=about))
    many = tr("Remove {count} neurons").format(count=len(about))
    text = many if len(about) > 1 else tr("Remove this neuron")
    entry(menu, canvas, text, "trash-2", lambda: canvas.remove(units=about), tr("Del"))
    menu.addSeparator()
    add_layer(menu, canvas, layer, short=True)
