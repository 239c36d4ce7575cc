"""Noise as a source: what a generator makes its pictures of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.core.expressions import Expression, Number
from engine.core.place import Index, Moment, Place, Shape
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.layers.base import LayerKind, layers


@layers.add("noise")
@dataclass(frozen=True)
class Noise(LayerKind):
    """``ζ ~ N(0, 1)``: (n, m) independent numbers, new ones for every example in every update.

    It draws whether the network learns or only predicts; the same seed and update give the same
    numbers. It has no parameters and no inputs, and is not counted as a layer. The lecture calls it z,
    which is the sum of a neuron here.
    """

    title = "Noise"
    summary = "Draws normally distributed numbers, as the start of something that is made up."
    role = "source"
    stem = "noise"
    group = "Ends"
    starting_units = 2
    takes = (0, 0)
    letter = "ζ"
    rank = 18
    words = {"a": ("draw", "ζ ~ N(0, 1)", "zeta = rng.standard_normal((n, m))")}

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if any(len(shape) > 1 for shape in inputs):
            raise DocumentError("Noise is a vector, so it cannot stand beside sequences or images.")
        return (units,)

    def forward(self, p: Place) -> None:
        kind = p.plan.dtype.type
        p.draw("a", lambda rng: rng.standard_normal(dtype=kind, out=p.a))

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        for i in range(p.shape[0]):
            if phase is Phase.FORWARD:
                yield Moment("a", (i,))
            if phase is Phase.BACKWARD and p.da is not None:
                yield Moment("da", (i,), None)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array == "a":
            return Number(float(p.a[(*index, example)]))
        raise KeyError(array)
