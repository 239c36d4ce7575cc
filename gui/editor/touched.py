"""Which layers look different because something else is marked."""

from __future__ import annotations

from gui.editor.marks import Marks


def changed_layers(before: Marks, now: Marks) -> frozenset[str]:
    """The layers in which some neuron or bias is marked in another way."""
    units = (
        (before.units ^ now.units)
        | (before.hovered_units ^ now.hovered_units)
        | (before.biases ^ now.biases)
        | (before.hovered_biases ^ now.hovered_biases)
        | (before.ports ^ now.ports)
    )
    found = {layer for layer, _ in units}
    if before.focus != now.focus:
        found |= {before.focus.layer, now.focus.layer}
    return frozenset(found)
