"""The layout: a document's layers in order, their shapes, and where their parameters lie.

All parameters of a network lie in one flat vector θ, block behind block; names such as
``hidden.W.input`` or ``output.b`` lead to their part of it. What is kept but not learned (a
running mean) lies behind θ in the same stretch of memory.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.core.place import Block, Keys, Part, Shape
from engine.core.problems import DocumentError
from engine.document import Document, Layer
from engine.layers import LayerKind, layers

MOST_PARAMETERS = 10_000_000
"""More parameters than this are refused before any memory is taken."""
MOST_NUMBERS = 4_000_000
"""A layer whose output for one example has more numbers than this is refused."""


@dataclass(frozen=True, slots=True)
class Node:
    """One layer of the document with its kind, its shape and the layers that feed it."""

    layer: Layer
    kind: LayerKind
    shape: Shape
    keys: Keys
    """The stable keys of the output's first axis."""
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
    learned: bool = True


@dataclass(frozen=True, slots=True)
class Stretch:
    """One block within the flat vector."""

    layer: str
    block: Block
    offset: int

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.block.shape)


class Layout:
    """Nodes in the order of calculation and parameters in the order of θ.

    ``size`` is the number of parameters that are learned, ``whole`` counts those kept with them
    too. Raises ``DocumentError`` or another ``AxonError`` with one sentence where layers do not fit.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.nodes: dict[str, Node] = {}
        kinds = {each.id: layers.make(each.spec) for each in document.layers}
        self._starved = _starved(document, kinds)
        active = _active(document, kinds, self._starved)
        number = 0
        blocks: list[tuple[str, Block]] = []
        for layer in document.order():
            kind = kinds[layer.id]
            place = None
            if layer.id in active:
                number += kind.role not in {"input", "source"}
                place = 0 if kind.role in {"input", "source"} else number
            node = self._node(layer, kind, place)
            self.nodes[layer.id] = node
            blocks += [(layer.id, block) for block in self._blocks(node)]
        self.stretches = tuple(self._stretches(blocks))
        self.size = sum(each.size for each in self.stretches if each.block.learned)
        self.whole = sum(each.size for each in self.stretches)
        self.slots = {slot.key: slot for slot in self._slots()}

    @property
    def active(self) -> list[Node]:
        """The nodes that take part in calculation, in order."""
        return [node for node in self.nodes.values() if node.active]

    @property
    def inputs(self) -> list[Node]:
        """The active input layers, in order; the features are dealt out to them one after another."""
        return [node for node in self.active if node.kind.role == "input"]

    @cached_property
    def learners(self) -> frozenset[str]:
        """The ids of the active layers that have parameters to learn and are not frozen."""
        found = (each.layer for each in self.stretches if each.block.learned)
        return frozenset(id for id in found if self.nodes[id].active and not self.nodes[id].layer.frozen)

    @property
    def output(self) -> Node:
        """The output; raises ``DocumentError`` if there is not exactly one that data reaches."""
        found = [node for node in self.nodes.values() if node.kind.role == "output"]
        if not found:
            raise DocumentError("The network has no output: drop one on the canvas and connect it.")
        if len(found) > 1:
            raise DocumentError("The network has two outputs: remove one of them.", found[1].layer.id)
        if not found[0].active and self._starved:
            id, sentence = next(iter(self._starved.items()))
            raise DocumentError(sentence, id)
        if not found[0].active:
            raise DocumentError("No input reaches the output: connect the layers.", found[0].layer.id)
        return found[0]

    def keys(self, layer: str | None, size: int) -> Keys:
        """The stable keys of an axis that counts the units of a layer; plain numbers for another axis."""
        if layer in self.nodes:
            node = self.nodes[layer]
            for keys in (node.keys, node.layer.units):
                if len(keys) == size:
                    return keys
        return tuple(range(size))

    # ---------------------------------------------------------------- building

    def _node(self, layer: Layer, kind: LayerKind, number: int | None) -> Node:
        inputs = tuple(each.source for each in self.document.incoming(layer.id))
        shape: Shape = (layer.size,)
        active = number is not None
        try:
            _check_inputs(kind, len(inputs))
            if len(inputs) < kind.takes[0]:
                raise DocumentError(self._starved.get(layer.id, ""))
            shape = kind.output_shape(layer.size, [self.nodes[each].shape for each in inputs])
            _check_size(shape)
        except DocumentError as error:
            if active:
                raise DocumentError(str(error), layer.id) from None
            inputs = ()
        keys = kind.keys(layer.units, shape, [self.nodes[each].keys for each in inputs])
        return Node(layer, kind, shape, keys, inputs, active, number)

    def _blocks(self, node: Node) -> tuple[Block, ...]:
        shapes = [(source, self.nodes[source].shape) for source in node.inputs]
        if not shapes and node.kind.takes[0] > 0:
            return ()
        return node.kind.blocks(node.layer.id, node.shape, shapes)

    def _stretches(self, blocks: list[tuple[str, Block]]) -> list[Stretch]:
        """Where each block lies: in the order of the layers, what is not learned at the end."""
        offsets: dict[int, int] = {}
        size = 0
        for number, (layer, block) in sorted(enumerate(blocks), key=lambda each: not each[1][1].learned):
            offsets[number] = size
            size += math.prod(block.shape)
            if size > MOST_PARAMETERS:
                raise DocumentError(
                    f"The network would have more than {MOST_PARAMETERS:,} weights: use fewer units.", layer
                )
        return [Stretch(layer, block, offsets[number]) for number, (layer, block) in enumerate(blocks)]

    def _slots(self) -> list[Slot]:
        found = []
        for number, stretch in enumerate(self.stretches):
            sample = np.broadcast_to(np.zeros(()), stretch.block.shape)
            for part in stretch.block.parts:
                shape = part.shape or sample[part.region].shape
                key = f"{stretch.layer}.{part.name}"
                found.append(Slot(key, stretch.layer, part, shape, number, stretch.block.learned))
        return found


def _check_inputs(kind: LayerKind, count: int) -> None:
    most = kind.takes[1]
    if most is not None and count > most:
        takes = f"{most} input{'s' * (most != 1)}" if most else "no input"
        raise DocumentError(f"{kind.title} takes {takes} and has {count}: remove a connection.")


def _starved(document: Document, kinds: dict[str, LayerKind]) -> dict[str, str]:
    """The layers that some input reaches but that lack another, each with what to do about it."""
    found = {}
    for id, kind in kinds.items():
        count, least = len(document.incoming(id)), kind.takes[0]
        if 0 < count < least:
            wanted = f"{least} input{'s' * (least != 1)}"
            found[id] = f"{kind.title} needs {wanted} and has {count}: connect another layer to it."
    return found


def _check_size(shape: Shape) -> None:
    if any(side < 1 for side in shape):
        raise DocumentError("Nothing would be left: the kernel or step is larger than what comes in.")
    if math.prod(shape) > MOST_NUMBERS:
        raise DocumentError(
            f"One example would have more than {MOST_NUMBERS:,} numbers here: make it smaller."
        )


def _active(document: Document, kinds: dict[str, LayerKind], starved: Collection[str]) -> set[str]:
    """The layers between an input and the output; nothing goes through one that lacks an input."""
    starts = [id for id, kind in kinds.items() if kind.role in {"input", "source"}]
    ends = [id for id, kind in kinds.items() if kind.role == "output"]
    forward = _reached(document, starts, True, starved)
    return (forward & _reached(document, ends, False, starved)) - set(starved)


def _reached(document: Document, start: list[str], forward: bool, closed: Collection[str]) -> set[str]:
    seen, waiting = set(start), list(start)
    while waiting:
        here = waiting.pop()
        if here in closed:
            continue
        wires = document.outgoing(here) if forward else document.incoming(here)
        for wire in wires:
            there = wire.target if forward else wire.source
            if there not in seen:
                seen.add(there)
                waiting.append(there)
    return seen
