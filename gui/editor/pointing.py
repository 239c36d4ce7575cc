"""Which numbers the thing under the mouse stands for: they light up wherever they are shown."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from gui.editor.cell_under import cell_under
from gui.editor.cells import bias_cell, unit_cell, weight_cell
from gui.editor.marks import Kind, Thing
from gui.editor.scene import NetworkScene
from gui.workspace import CellKey, Workspace


def cells_of(
    thing: Thing, network: NetworkScene, workspace: Workspace, point: QPointF | None = None
) -> frozenset[CellKey]:
    """The weight of a synapse, the bias, z and a of a neuron, or the pixel of a block at a point."""
    if thing.is_wire and thing.wire < len(network.wires):
        return frozenset({weight_cell(network.wires, thing.wire)})
    walk, example = workspace.walk, workspace.example
    if walk is not None:
        example = walk.trace.m - 1 if walk.example is None else walk.example
    unit = network.geometry.unit(*thing.unit)
    block = network.blocks.items.get(thing.layer) if thing.is_layer and point is not None else None
    if block is not None:
        cell = cell_under(block, point, example, workspace.parameters)
        return frozenset() if cell is None else frozenset({cell})
    if unit is None:
        return frozenset()
    if thing.kind is Kind.BIAS:
        return frozenset({bias_cell(unit)})
    names = ("a",) if network.geometry.places[unit.layer].role == "input" else ("z", "a")
    return frozenset(unit_cell(unit, name, example) for name in names)
