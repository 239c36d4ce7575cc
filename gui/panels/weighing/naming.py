"""What single parameters are called: in the lecture's letters, and by names that outlive an edit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from engine.core.place import below, spelled
from engine.layout import Layout
from engine.session.weight_bins import Name
from engine.update_cells import STAGES
from gui.workspace import CellKey

_PREFIXES = (*(f"{stage}d" for stage in STAGES), "new ", "d")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter with what stands above and below it."""

    letter: str
    above: str = ""
    below: str = ""

    @property
    def html(self) -> str:
        """For rich text."""
        above = f"<sup>{escape(self.above)}</sup>" if self.above else ""
        below = f"<sub>{escape(self.below)}</sub>" if self.below else ""
        return f"<i>{escape(self.letter)}</i>{above}{below}"

    @property
    def text(self) -> str:
        """For accessible names: ``w[1]_{3,2}``."""
        below = f"{{{self.below}}}" if "," in self.below else self.below
        return f"{self.letter}{self.above}" + (f"_{below}" if self.below else "")


def symbol_of(layout: Layout, key: str, index: tuple[int, ...]) -> Symbol:
    """How the lecture writes one parameter: w[1]_{3,2}, b[2]_1, γ[3]_4."""
    slot = layout.slots[key]
    node = layout.nodes[slot.layer]
    head, _, source = slot.part.name.partition(".")
    label, shown = node.label, index
    if len(slot.shape) == 2 and slot.shape[1] == 1 and not source:
        shown = index[:1]
    if source and len(node.inputs) > 1:
        label = f"[{label[1:-1]},{layout.nodes[source].label[1:-1]}]"
    if source and len(index) > 1:
        shown = (index[0], index[1] + first_feature(layout, source), *index[2:])
    return Symbol(spelled(head, node.kind.letters), label, below(shown))


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


def first_feature(layout: Layout, layer: str) -> int:
    """How many features the input layers before this one take; 0 for other layers."""
    start = 0
    for node in layout.inputs:
        if node.layer.id == layer:
            return start
        start += math.prod(node.shape)
    return 0


def name_of(layout: Layout, key: str, index: tuple[int, ...]) -> Name:
    """A name that stays the same whatever is inserted beside the units of the parameter."""
    slot = layout.slots[key]
    axes = zip(slot.part.axes, slot.shape, index, strict=True)
    return (key, *(layout.keys(layer, size)[i] for layer, size, i in axes))


def parameter_of(cell: CellKey) -> tuple[str, tuple[int, ...]]:
    """The parameter that a number is about: its own, or that of its gradient or of its new value."""
    owner, array, index, _ = cell
    for prefix in _PREFIXES:
        if array.startswith(prefix) and array != prefix:
            array = array.removeprefix(prefix)
            break
    return f"{owner}.{array.rsplit(' ', 1)[-1]}", index


def cell_key(key: str, index: tuple[int, ...]) -> CellKey:
    """The parameter as something that can be hovered."""
    layer, name = key.split(".", 1)
    return layer, name, index, None
