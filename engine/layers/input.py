"""The input layer: layer 0, one unit a feature."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.place import Moment, Place, Shape, positions
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.core.shapes import shape_of, spoken
from engine.layers.base import LayerKind, layers


@layers.add("input")
@dataclass(frozen=True)
class Input(LayerKind):
    """``a[0] = x``: the examples as columns, (n[0], m). It has no parameters and is not counted.

    With a shape the n[0] numbers are read in C order as an image (channels, height, width) or a
    sequence (features, time).
    """

    title = "Input"
    summary = "Takes one example from the data: one unit a feature."
    role = "input"
    stem = "input"
    group = "Ends"
    takes = (0, 0)
    letter = "x"
    rank = 10

    shape: str = knob(
        "",
        "Shape",
        help="Empty for a vector; 1×28×28 for an image (channels, height, width), 8×20 for 8 features"
        " at 20 time steps.",
    )

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        shape = shape_of(self.shape)
        if not shape:
            return (units,)
        if math.prod(shape) != units:
            raise DocumentError(
                f"The shape {spoken(shape)} has {math.prod(shape)} numbers, but the input has {units} units."
            )
        return shape

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.BACKWARD and p.da is not None:
            for at in positions(p.shape):
                for j in range(p.shape[0]):
                    yield Moment("da", (j, *at), steps=None)
