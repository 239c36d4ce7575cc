"""The document: what the user draws and chooses, as frozen data that knows a kind only by name.

Learned numbers are not in it: they live in ``engine.learned``, keyed by the ids used here.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets.base import Data

Cell = tuple[int, int]
"""A synapse within a connection: (key of the receiving unit, key of the sending unit)."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: what kind it is, where it stands, and which units it has.

    ``units`` are stable keys, one a unit, in order from top to bottom: a unit keeps its key when
    others come and go, so that its weights can be kept.
    """

    id: str
    spec: Spec
    units: tuple[int, ...] = (0,)
    name: str = ""
    x: float = 0.0
    y: float = 0.0
    frozen: bool = False
    """Whether training leaves its parameters as they are."""
    group: str = ""
    """The group it belongs to: Generator, or Encoder/Block 1 for a group within a group."""
    folded: bool = False
    """Whether it is drawn as one block instead of its neurons."""

    @property
    def size(self) -> int:
        """The number of units, n[l]."""
        return len(self.units)

    def unit(self, key: int) -> int:
        """The place of a unit by its key, counted from 0."""
        return self.units.index(key)


@dataclass(frozen=True, slots=True)
class Connection:
    """All synapses from one layer to another; single ones can be cut or locked."""

    source: str
    target: str
    cut: frozenset[Cell] = frozenset()
    locked: frozenset[Cell] = frozenset()

    @property
    def id(self) -> str:
        """The name of the connection; there is at most one between two layers."""
        return connection_id(self.source, self.target)


def connection_id(source: str, target: str) -> str:
    """How a connection is called in files and messages."""
    return f"{source}>{target}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text on the canvas: it stands somewhere, or is attached to a layer or to one of its units."""

    id: str
    text: str
    x: float = 0.0
    """Its left edge, in the units of ``Layer.x``."""
    y: float = 0.0
    """Its upper edge."""
    width: float = 220.0
    """Where its lines end."""
    layer: str = ""
    """The layer it is attached to; then it has no place of its own."""
    unit: int | None = None
    """The key of the unit it is attached to; ``None`` for the layer as a whole."""


@dataclass(frozen=True, slots=True)
class Training:
    """How the network learns."""

    batch_size: int | None = None
    """Examples an update; ``None`` for all."""
    shuffle: bool = False
    seed: int = 1
    """Draws the first weights, the order of the examples, and all that is random in an update."""
    procedure: Spec = Spec("supervised")
    """What one update is: comparing with targets, the perceptron rule, a GAN's turn ..."""
    schedule: Spec = Spec("constant")
    """How the learning rate changes in the course of the training."""
    clipping: Spec = Spec("off")
    """What is done about very large gradients."""
    regularizer: Spec = Spec("none")
    """What large weights cost."""
    augmentation: Spec = Spec("none")
    """How examples are varied from update to update."""
    label_noise: float = 0.0
    """The share of the examples whose class is drawn at random, once and for all."""
    held_out: float = 0.0
    """The share of the examples that are kept from training, to validate."""
    patience: int | None = None
    """Early stopping: so many epochs without a better validation loss; ``None`` for never."""
    precision: str = "double"
    """double, or single for image-sized work."""


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that is drawn and chosen."""

    name: str = "Network"
    layers: tuple[Layer, ...] = ()
    connections: tuple[Connection, ...] = ()
    loss: Spec = Spec("bce")
    optimizer: Spec = Spec("gradient_descent")
    data: Spec = Spec("xor")
    table: Data | None = field(default=None, compare=True)
    """The user's own data, for the data set ``table``."""
    training: Training = Training()
    folded: frozenset[str] = frozenset()
    """The groups that are drawn as one node."""
    notes: tuple[Note, ...] = ()

    def layer(self, id: str) -> Layer:
        """The layer of that id; raises ``DocumentError`` if there is none."""
        for each in self.layers:
            if each.id == id:
                return each
        raise DocumentError(f"There is no layer '{id}'.")

    def has(self, id: str) -> bool:
        """Whether there is a layer of that id."""
        return any(each.id == id for each in self.layers)

    def connection(self, source: str, target: str) -> Connection | None:
        """The connection from one layer to another, if there is one."""
        for each in self.connections:
            if each.source == source and each.target == target:
                return each
        return None

    def incoming(self, id: str) -> tuple[Connection, ...]:
        """The connections into a layer, in the order they were drawn."""
        return tuple(each for each in self.connections if each.target == id)

    def outgoing(self, id: str) -> tuple[Connection, ...]:
        """The connections out of a layer."""
        return tuple(each for each in self.connections if each.source == id)

    def of_kind(self, kind: str) -> Iterator[Layer]:
        """The layers of a kind."""
        return (each for each in self.layers if each.spec.kind == kind)

    def with_layer(self, layer: Layer) -> Document:
        """The document with the layer of the same id replaced."""
        return replace(self, layers=tuple(layer if each.id == layer.id else each for each in self.layers))

    def reaches(self, start: str, end: str) -> bool:
        """Whether a signal from ``start`` can arrive at ``end``."""
        waiting, seen = [start], {start}
        while waiting:
            here = waiting.pop()
            if here == end:
                return True
            for each in self.outgoing(here):
                if each.target not in seen:
                    seen.add(each.target)
                    waiting.append(each.target)
        return False

    def order(self) -> tuple[Layer, ...]:
        """The layers so that every one comes after those it takes its input from.

        Layers that could stand in either order stand as they were drawn. Raises ``DocumentError``
        for a circle and for a connection to a layer that is not there.
        """
        layers = {each.id: each for each in self.layers}
        waiting_for = dict.fromkeys(layers, 0)
        targets: dict[str, list[str]] = {id: [] for id in layers}
        for wire in self.connections:
            if wire.source not in layers or wire.target not in layers:
                raise DocumentError(f"The connection {wire.id} leads to a layer that is not there.")
            waiting_for[wire.target] += 1
            targets[wire.source].append(wire.target)
        places = {id: place for place, id in enumerate(layers)}
        ready = [place for id, place in places.items() if not waiting_for[id]]
        names, done = list(layers), []
        while ready:
            id = names[heapq.heappop(ready)]
            done.append(layers[id])
            for target in targets[id]:
                waiting_for[target] -= 1
                if not waiting_for[target]:
                    heapq.heappush(ready, places[target])
        if len(done) < len(layers):
            stuck = next(id for id, count in waiting_for.items() if count)
            raise DocumentError(
                "The connections form a circle, and a signal would run round it for ever.", stuck
            )
        return tuple(done)
