"""What is drawn of a layer: its neurons one by one, or a block with the shape of its output."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.place import Shape
from engine.core.problems import AxonError
from engine.document import Layer
from engine.layers import LayerKind, layers
from engine.layout import Node


@dataclass(frozen=True, slots=True)
class Drawn:
    """``neurons`` for a vector of a layer's own units; ``shape`` is () while it is not known."""

    neurons: bool = True
    shape: Shape = ()
    synapses: bool = True
    """Whether single synapses into it are drawn."""
    title: str = ""
    """What the kind is called."""
    sized: bool = True
    """Whether the user chooses how many units it has."""
    foldable: bool = False
    """Whether it can be drawn both ways: by its neurons, and folded to a block."""


def drawn(layer: Layer, node: Node | None) -> Drawn:
    """How a layer is drawn; without a node its network cannot be built."""
    kind = node.kind if node is not None else _kind(layer)
    if kind is None:
        return Drawn(title=layer.spec.kind)
    none_needed = kind.takes[0] == 0
    shape: Shape = ()
    if node is not None and (none_needed or node.inputs):
        shape = node.shape
    elif node is None and none_needed:
        shape = _alone(kind, layer.size)
    own = shows_neurons(type(kind))
    if own and node is not None and not node.inputs and not none_needed:
        shape = node.shape  # nothing comes in yet: its own units
    both = own and shape == (layer.size,)
    return Drawn(both and not layer.folded, shape, kind.synapses, kind.title, kind.sized, both)


def shows_neurons(kind: type[LayerKind]) -> bool:
    """Whether a kind's units are drawn as neurons, as long as its output is a vector of them."""
    return kind.sized and (kind.synapses or kind.takes[1] == 0)


def _kind(layer: Layer) -> LayerKind | None:
    try:
        return layers.make(layer.spec)
    except AxonError:
        return None


def _alone(kind: LayerKind, units: int) -> Shape:
    try:
        return kind.output_shape(units, [])
    except (AxonError, IndexError, ValueError):
        return ()
