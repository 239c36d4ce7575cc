"""What single parameters are called: in the lecture's letters, and by names that outlive an edit."""

from __future__ import annotations

from engine.layout import Layout
from engine.session.weight_bins import Name
from engine.symbols import Symbol, bare, first_feature
from gui.workspace import CellKey


def matrix_of(layout: Layout, key: str) -> Symbol:
    """How the lecture writes the parameter as a whole: W[1]."""
    slot = layout.slots[key]
    node = layout.nodes[slot.layer]
    head, _, source = slot.part.name.partition(".")
    label = node.label
    if source and len(node.inputs) > 1:
        label = f"[{label[1:-1]},{layout.nodes[source].label[1:-1]}]"
    letter = node.kind.letters.get(head, head)
    return Symbol(head if head[:1] in "WUV" else letter, label)


def unit_symbol(layout: Layout, layer: str, index: int) -> Symbol:
    """How the output of a unit is written: x_2, a[1]_3."""
    node = layout.nodes[layer]
    below_it = str(index + 1 + first_feature(layout, layer))
    return (
        Symbol("x", "", below_it)
        if node.kind.role == "input"
        else Symbol(node.kind.letter, node.label, below_it)
    )


def name_of(layout: Layout, key: str, index: tuple[int, ...]) -> Name:
    """A name that stays the same whatever is inserted beside the units of the parameter."""
    slot = layout.slots[key]
    axes = zip(slot.part.axes, slot.shape, index, strict=True)
    return (key, *(layout.keys(layer, size)[i] for layer, size, i in axes))


def parameter_of(cell: CellKey) -> tuple[str, tuple[int, ...]]:
    """The parameter that a number is about: its own, or that of its gradient or of its new value."""
    owner, array, index, _ = cell
    return f"{owner}.{bare(array)}", index


def cell_key(key: str, index: tuple[int, ...]) -> CellKey:
    """The parameter as something that can be hovered."""
    layer, name = key.split(".", 1)
    return layer, name, index, None
