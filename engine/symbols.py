"""How the lecture writes one number of a network: a letter with what stands above and below it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from engine.core.place import below, spelled
from engine.layout import Layout
from engine.update_cells import STAGES

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


def first_feature(layout: Layout, layer: str) -> int:
    """How many features the input layers before this one take; 0 for other layers."""
    start = 0
    for node in layout.inputs:
        if node.layer.id == layer:
            return start
        start += math.prod(node.shape)
    return 0


@lru_cache(maxsize=1024)
def bare(array: str) -> str:
    """The parameter an array is about: ``W.input`` of ``dW.input``, ``mean dW.input``, ``new W.input``."""
    for prefix in _PREFIXES:
        if array.startswith(prefix) and array != prefix:
            array = array.removeprefix(prefix)
            break
    return array.rsplit(" ", 1)[-1]
