"""The input layer: layer 0, one unit a feature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.core.place import Moment, Place, Shape
from engine.core.plan import Phase
from engine.layers.base import LayerKind, layers


@layers.add("input")
@dataclass(frozen=True)
class Input(LayerKind):
    """``a[0] = x``: the examples as columns, (n[0], m). It has no parameters and is not counted."""

    title = "Input"
    summary = "Takes one example from the data: one unit a feature."
    role = "input"
    stem = "input"
    rank = 10

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return (units,)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.BACKWARD and p.da is not None:
            for j in range(p.shape[0]):
                yield Moment("da", (j,), steps=None)
