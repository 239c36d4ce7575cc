"""How the neuron or cell of a number is called within its layer: neuron 3, unit 2 at time 5, row 4."""

from __future__ import annotations

from engine.core.expressions import Ref
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.walkthrough.words import layer_name, tr, unit_name

OF_HEADS = {"S", "A", "dS", "dA"}
"""Arrays of attention with a number for each head and pair of positions."""


def cell_name(trace: Trace, ref: Ref) -> str:
    """The name without that of the layer; empty for a number that belongs to no one cell."""
    owner, index = ref.owner, ref.index
    if owner == LOSS:
        return tr("position {number}", number=index[0] + 1) if ref.array == "l" and index else ""
    node = trace.layout.nodes[owner]
    places = [each + 1 for each in index]
    if len(node.shape) > 1 and index and of_parameter(trace, ref):
        if len(node.shape) == 3:
            return tr("channel {channel}", channel=places[0])
        return tr("unit {number}", number=places[0])
    if node.kind.kind == "attention" and ref.array in OF_HEADS and len(index) == 3:
        return tr(
            "head {head}, from position {one} to {other}", head=places[0], one=places[1], other=places[2]
        )
    layer = layer_name(trace, owner)
    said = unit_name(trace, owner, index)
    return "" if said == layer else said.removeprefix(f"{layer}, ")


def of_parameter(trace: Trace, ref: Ref) -> bool:
    """Whether a number is a weight or bias, or its gradient, on the way to its new value too."""
    name = ref.array.split(" ")[-1]
    slots = trace.layout.slots
    return f"{ref.owner}.{name}" in slots or f"{ref.owner}.{name.removeprefix('d')}" in slots
