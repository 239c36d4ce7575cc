"""A helper that draws a network: it chains layers, names their groups and places them on the canvas.

This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from engine.core.shapes import spoken
from engine.core.spec import Spec, Value
from engine.datasets import Data
from engine.document import Connection, Document, Layer, Training
from engine.document.grouping import parts
from engine.layers import layers
from engine.layout import Layout

ACROSS = 220.0
"""From a column to the next."""
CLOSE, MOST_COLUMNS = 168.0, 12
"""The same of a network with more than so many columns, which would be drawn too small."""
EDGE = 44.0
"""What is added between two columns where a group begins or ends: room for the edge of its frame."""
NEURON, MOST_NEURONS = 84.0, 12
"""From a neuron of a layer to the next, and how many of them are drawn at the most."""
BLOCK = 130.0
"""The height of a layer that is drawn as a block."""
BETWEEN = 100.0
"""What is left free between two rows: room for a caption."""
TITLE = 140.0
"""What a row that is left out adds to it: room for the frame of a group and its title."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a layer stands: columns count to the right, rows downwards from the main row 0."""

    column: int
    row: int


class Builder:
    """Layers one behind the other, with branches.

    A layer takes its input from the layer added last, or from those named by ``after``, and
    stands one column to the right of them, on the row that is set with ``row``. Where that place
    is taken it moves further out. Between rows whose numbers do not follow one another there is
    more room.
    """

    def __init__(self) -> None:
        self._layers: list[Layer] = []
        self._wires: list[Connection] = []
        self._spots: dict[str, Spot] = {}
        self._group = ""

    @contextmanager
    def group(self, name: str) -> Iterator[None]:
        """Layers added meanwhile belong to that group; a group within a group is ``Encoder/Block 1``."""
        outer = self._group
        self._group = f"{outer}/{name}" if outer else name
        try:
            yield
        finally:
            self._group = outer

    @property
    def last(self) -> str:
        """The id of the layer added last."""
        return self._layers[-1].id

    def add(
        self,
        kind: str | Spec,
        units: int = 1,
        *,
        after: str | Sequence[str] | None = None,
        name: str = "",
        row: int = 0,
        column: int | None = None,
        **knobs: Value,
    ) -> str:
        """A layer; its id. ``after=()`` takes no input."""
        spec = Spec.of(kind, **knobs) if isinstance(kind, str) else kind.with_(**knobs)
        cls = layers[spec.kind]
        if after is None:
            takes_none = cls.takes[1] == 0 or not self._layers
            sources: tuple[str, ...] = () if takes_none else (self.last,)
        else:
            sources = (after,) if isinstance(after, str) else tuple(after)
        id = self._fresh(cls.stem)
        layer = Layer(id, spec, tuple(range(units)), name, group=self._group)
        if column is None:
            column = max((self._spots[each].column + 1 for each in sources), default=0)
        self._layers.append(layer)
        self._wires += [Connection(source, id) for source in sources]
        self._spots[id] = self._free(column, row)
        return id

    def input(self, data: Data, *, name: str = "", flat: bool = False) -> str:
        """An input for all features of the data, in the shape of an example unless ``flat``."""
        shaped = bool(data.shape) and not flat
        kind = Spec.of("input", shape=spoken(data.shape)) if shaped else Spec("input")
        return self.add(kind, data.n, name=name)

    def document(
        self,
        name: str,
        *,
        data: Spec,
        loss: str | Spec,
        optimizer: Spec,
        training: Training,
    ) -> Document:
        """The document, with every layer in its place."""
        drawn = Document(
            name,
            tuple(self._layers),
            tuple(self._wires),
            loss=Spec(loss) if isinstance(loss, str) else loss,
            optimizer=optimizer,
            data=data,
            training=training,
        )
        levels = _levels(self._spots, _heights(drawn))
        columns = 1 + max((spot.column for spot in self._spots.values()), default=0)
        across = ACROSS if columns <= MOST_COLUMNS else CLOSE
        lefts = _lefts(columns, across, self._spots, drawn.layers)
        placed = (
            replace(each, x=lefts[self._spots[each.id].column], y=levels[self._spots[each.id].row])
            for each in drawn.layers
        )
        return replace(drawn, layers=tuple(placed))

    def _fresh(self, stem: str) -> str:
        taken, number = {each.id for each in self._layers}, 2
        if stem not in taken:
            return stem
        while f"{stem}{number}" in taken:
            number += 1
        return f"{stem}{number}"

    def _free(self, column: int, row: int) -> Spot:
        taken, step = set(self._spots.values()), -1 if row < 0 else 1
        while Spot(column, row) in taken:
            row += step
        return Spot(column, row)


def _lefts(columns: int, across: float, spots: Mapping[str, Spot], found: Sequence[Layer]) -> list[float]:
    """Where every column stands: evenly, but for some more room where the frame of a group has an edge."""
    inside: dict[str, list[int]] = {}
    for each in found:
        for path in parts(each.group):
            inside.setdefault(path, []).append(spots[each.id].column)
    edges = {edge for group in inside.values() for edge in (min(group), max(group) + 1)}
    lefts = [0.0]
    for column in range(1, columns):
        lefts.append(lefts[-1] + across + EDGE * (column in edges))
    return lefts


def _heights(document: Document) -> dict[str, float]:
    """About how tall every layer is on the canvas: neurons one below the other, or a block."""
    found = {}
    for id, node in Layout(document).nodes.items():
        kind = node.kind
        neurons = kind.sized and (kind.synapses or kind.takes[1] == 0) and node.shape == (node.layer.size,)
        found[id] = NEURON * min(node.layer.size, MOST_NEURONS) if neurons else BLOCK
    return found


def _levels(spots: Mapping[str, Spot], heights: Mapping[str, float]) -> dict[int, float]:
    """The middle of every row: as near to row 0 as the layers allow that stand in the same columns."""
    middle = {0: 0.0}
    for side in (1, -1):
        taken: dict[int, float] = {}
        level, before = 0.0, 0
        for row in sorted({spot.row for spot in spots.values() if spot.row * side >= 0}, key=abs):
            here = {spots[id].column: heights[id] for id in spots if spots[id].row == row}
            if row:
                level = max(
                    level + BLOCK + BETWEEN + TITLE * (abs(row - before) > 1),
                    *(taken[c] + BETWEEN + height / 2 for c, height in here.items() if c in taken),
                    0.0,
                )
                middle[row], before = side * level, row
            taken |= {c: level + height / 2 for c, height in here.items()}
    return middle
