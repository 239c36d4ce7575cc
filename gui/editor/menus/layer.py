"""The menu of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from engine.activations import activations
from gui import icons
from gui.editor import commands
from gui.editor.marks import Kind, Thing
from gui.editor.menus.connecting import add_connect, add_disconnect
from gui.editor.menus.entry import add_copying, entry
from gui.editor.menus.numbers import add_numbers
from gui.editor.picture import activation_spec, can_choose_activation
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_layer(menu: QMenu, canvas: Canvas, layer: str, short: bool = False) -> None:
    """All of it; ``short`` below the entries of one of its neurons."""
    workspace, tr = canvas.workspace, canvas.tr
    document = workspace.document
    place = canvas.network.geometry.places[layer]
    if not short:
        text = tr("Add a unit") if place.is_block else tr("Add a neuron")
        if commands.is_sized(document, layer):
            add = lambda: commands.add_unit(workspace, layer)  # noqa: E731
            entry(menu, canvas, text, "circle-plus", add, tr("Ins"))
        add_connect(menu, canvas, layer, None)
    add_disconnect(menu, canvas, layer)
    _add_activations(menu, canvas, layer)
    caption = Thing(Kind.CAPTION, layer)
    entry(menu, canvas, tr("Rename the layer …"), "pencil", lambda: canvas.edit(caption), "F2")
    if not short:
        add_numbers(menu, canvas, Selection(layers=frozenset({layer})), history=False)
        if workspace.breakpoints.has_weights(layer):
            stop = lambda: workspace.breakpoints.stop_at_signs(layer)  # noqa: E731
            entry(menu, canvas, tr("Stop when the sign of a weight flips"), "flag", stop)
        if workspace.breakpoints.can_die(layer):
            dies = lambda: workspace.breakpoints.stop_at_death(layer)  # noqa: E731
            entry(menu, canvas, tr("Stop when a neuron dies"), "flag", dies)
    menu.addSeparator()
    about = workspace.selection.layers if layer in workspace.selection.layers else frozenset({layer})
    if not short:
        add_copying(menu, canvas, Selection(layers=about))
    if len(about) == 1 and document.incoming(layer) and document.outgoing(layer):
        reason = commands.why_not_bridge(document, layer)
        bridge = lambda: commands.bridge(workspace, layer)  # noqa: E731
        text = tr("Remove the layer and connect its neighbours")
        entry(menu, canvas, text, "merge", bridge, on=not reason, tip=reason)
    many = tr("Remove {count} layers").format(count=len(about))
    text = many if len(about) > 1 else tr("Remove the layer")
    key = "" if short else tr("Del")
    entry(menu, canvas, text, "trash-2", lambda: canvas.remove(layers=about), key)


def _add_activations(menu: QMenu, canvas: Canvas, layer: str) -> None:
    workspace = canvas.workspace
    place = canvas.network.geometry.places[layer]
    spec = activation_spec(place)
    if spec is None or not can_choose_activation(place):
        return
    sub = menu.addMenu(icons.icon("square-function", workspace.theme), canvas.tr("Activation"))
    for kind in activations:
        action = sub.addAction(kind.title)
        action.setCheckable(True)
        action.setChecked(kind.kind == spec.kind)
        action.triggered.connect(lambda _, name=kind.kind: commands.set_activation(workspace, layer, name))
