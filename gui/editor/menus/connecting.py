"""The way to connect and disconnect without a mouse: lists of the other layers and their neurons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from gui import icons
from gui.editor import commands

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

MOST = 30
"""With more neurons than this a layer is offered as a whole."""


def add_connect(menu: QMenu, canvas: Canvas, layer: str, sender: int | None) -> None:
    """The way to connect without a mouse."""
    workspace, geometry = canvas.workspace, canvas.network.geometry
    document = workspace.document
    sub = menu.addMenu(icons.icon("spline", workspace.theme), canvas.tr("Connect to"))
    for each in document.layers:
        if each.id == layer:
            continue
        wire = document.connection(layer, each.id)
        missing = wire is None or bool(wire.cut)
        reason = commands.why_not(document, layer, each.id)
        title = commands.layer_title(document, each.id)
        place = geometry.places.get(each.id)
        if sender is None or each.size > MOST or place is None or place.is_block:
            action = sub.addAction(title)
            action.triggered.connect(lambda _, goal=each.id: commands.connect(workspace, layer, goal))
            action.setEnabled(missing and not reason)
            action.setToolTip(reason)
            continue
        single = sub.addMenu(title)
        single.setEnabled(missing and not reason)
        for number, key in enumerate(each.units, 1):
            action = single.addAction(canvas.tr("Neuron {number}").format(number=number))
            action.setEnabled(wire is None or (key, sender) in wire.cut)
            action.triggered.connect(
                lambda _, goal=each.id, unit=key: commands.draw(workspace, layer, sender, goal, unit)
            )
    sub.setEnabled(any(action.isEnabled() for action in sub.actions()))
    sub.setToolTipsVisible(True)


def add_disconnect(menu: QMenu, canvas: Canvas, layer: str) -> None:
    """All synapses to or from another layer go."""
    workspace = canvas.workspace
    document = workspace.document
    wires = (*document.incoming(layer), *document.outgoing(layer))
    sub = menu.addMenu(icons.icon("unlink", workspace.theme), canvas.tr("Disconnect from"))
    sub.setEnabled(bool(wires))
    for wire in wires:
        other = wire.source if wire.target == layer else wire.target
        action = sub.addAction(commands.layer_title(document, other))
        action.triggered.connect(
            lambda _, one=wire.source, two=wire.target: commands.disconnect(workspace, one, two)
        )
