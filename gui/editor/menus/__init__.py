"""Context menus: what can be done with a neuron, a synapse, a layer, the ground; with the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from gui.editor.marks import Kind, Thing
from gui.editor.menus.explaining import add_explaining
from gui.editor.menus.folding import add_folding
from gui.editor.menus.ground import add_ground
from gui.editor.menus.group import add_group
from gui.editor.menus.layer import add_layer
from gui.editor.menus.neuron import add_neuron
from gui.editor.menus.notes import add_notes
from gui.editor.menus.stepping import add_stepping
from gui.editor.menus.synapse import add_synapse
from gui.editor.menus.trunk import add_trunk

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

MORE: tuple[Callable[[QMenu, Canvas, Thing, QPointF], None], ...] = (
    add_stepping,
    add_folding,
    add_notes,
    add_explaining,
)
"""What adds entries of its own below, each from a file of its own: ``add(menu, canvas, thing, point)``."""


def menu_for(canvas: Canvas, thing: Thing, point: QPointF) -> QMenu:
    """The menu for a thing; ``point`` is where something new would be put."""
    menu = QMenu(canvas)
    menu.setFont(canvas.workspace.theme.fonts.ui)
    menu.setAccessibleName(canvas.tr("What can be done here"))
    menu.setToolTipsVisible(True)
    if thing.is_wire:
        add_synapse(menu, canvas, thing)
    elif thing.kind is Kind.TRUNK:
        add_trunk(menu, canvas, thing)
    elif thing.is_unit or thing.kind is Kind.BIAS:
        add_neuron(menu, canvas, thing)
    elif thing.is_layer:
        add_layer(menu, canvas, thing.layer)
    elif thing.group:
        add_group(menu, canvas, thing.group)
    elif thing.kind is not Kind.NOTE:
        add_ground(menu, canvas, point)
    for add in MORE:
        add(menu, canvas, thing, point)
    return menu
