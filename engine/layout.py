"""The layout: a document's layers in order, their shapes, and where their parameters lie.

All parameters of a network lie in one flat vector θ, block behind block; names such as
``hidden.W.input`` or ``output.b`` lead to their part of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.place import Block, Part, Shape
from engine.core.problems import DocumentError
from engine.document import Document, Layer
from engine.layers import LayerKind, layers

MOST_PARAMETERS = 10_000_000
"""More parameters than this are refused before any memory is taken."""


@dataclass(frozen=True, slots=True)
class Node:
    """One layer of the document with its kind, its shape and the layers that feed it."""

    layer: Layer
    kind: LayerKind
    shape: Shape
    inputs: tuple[str, ...]
    active: bool
    """Whether data reaches it and it reaches the output."""
    number: int | None
    """l, counted from 0 for the input; ``None`` for an idle layer."""

    @property
    def label(self) -> str:
        """``[l]`` as it stands above a symbol."""
        return "[ ]" if self.number is None else f"[{self.number}]"


@dataclass(frozen=True, slots=True)
class Slot:
    """One named parameter: its layer, its part, and its shape."""

    key: str
    layer: str
    part: Part
    shape: Shape
    block: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """One block within the flat vector."""

    layer: str
    block: Block
    offset: int

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(np.prod(self.block.shape))


class Layout:
    """Nodes in the order of calculation and parameters in the order of θ.

    Raises ``DocumentError`` or another ``AxonError`` with one sentence where layers do not fit.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.nodes: dict[str, Node] = {}
        self.stretches: list[Stretch] = []
        self.slots: dict[str, Slot] = {}
        self.size = 0
        kinds = {each.id: layers.make(each.spec) for each in document.layers}
        active = _active(document, kinds)
        number = 0
        for layer in document.order():
            kind = kinds[layer.id]
            inputs = tuple(each.source for each in document.incoming(layer.id))
            shapes = [(source, self.nodes[source].shape) for source in inputs]
            shape = kind.output_shape(layer.size, [each for _, each in shapes])
            if layer.id not in active:
                place = None
            elif kind.role == "input":
                place = 0
            else:
                number += 1
                place = number
            self.nodes[layer.id] = Node(layer, kind, shape, inputs, layer.id in active, place)
            for block in kind.blocks(layer.id, shape, shapes):
                self._enter(layer.id, block)

    @property
    def active(self) -> list[Node]:
        """The nodes that take part in calculation, in order."""
        return [node for node in self.nodes.values() if node.active]

    @property
    def inputs(self) -> list[Node]:
        """The active input layers, in order; the features are dealt out to them one after another."""
        return [node for node in self.active if node.kind.role == "input"]

    @property
    def output(self) -> Node:
        """The output; raises ``DocumentError`` if there is not exactly one that data reaches."""
        found = [node for node in self.nodes.values() if node.kind.role == "output"]
        if not found:
            raise DocumentError("The network has no output: drop one on the canvas and connect it.")
        if len(found) > 1:
            raise DocumentError("The network has two outputs: remove one of them.", found[1].layer.id)
        if not found[0].active:
            raise DocumentError("No input reaches the output: connect the layers.", found[0].layer.id)
        return found[0]

    def _enter(self, layer: str, block: Block) -> None:
        self.stretches.append(Stretch(layer, block, self.size))
        self.size += int(np.prod([float(side) for side in block.shape]))
        if self.size > MOST_PARAMETERS:
            raise DocumentError(
                f"The network would have more than {MOST_PARAMETERS:,} weights: use fewer units.", layer
            )
        sample = np.broadcast_to(np.zeros(()), block.shape)
        for part in block.parts:
            key = f"{layer}.{part.name}"
            self.slots[key] = Slot(key, layer, part, sample[part.region].shape, len(self.stretches) - 1)


def _active(document: Document, kinds: dict[str, LayerKind]) -> set[str]:
    forward = _reached(document, [id for id, kind in kinds.items() if kind.role == "input"], True)
    backward = _reached(document, [id for id, kind in kinds.items() if kind.role == "output"], False)
    return forward & backward


def _reached(document: Document, start: list[str], forward: bool) -> set[str]:
    seen, waiting = set(start), list(start)
    while waiting:
        here = waiting.pop()
        wires = document.outgoing(here) if forward else document.incoming(here)
        for wire in wires:
            there = wire.target if forward else wire.source
            if there not in seen:
                seen.add(there)
                waiting.append(there)
    return seen
