"""What the layers share that disturb the learning at random. This module holds no kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from engine.core.expressions import Expression, Number, Ref
from engine.core.place import Index, Moment, Place, Shape, positions
from engine.core.plan import Phase
from engine.layers.base import LayerKind


@dataclass(frozen=True)
class Disturbed(LayerKind):
    """``a = x`` when the network predicts; a kind says what becomes of x while it learns."""

    group = "Regularisation"
    sized = False
    drawn: ClassVar[str] = ""
    """The array, of the shape of x, that is drawn anew in every update."""

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return inputs[0]

    def disturbed(self, p: Place, x: Ref, index: Index, example: int) -> Expression:
        """A cell of a while the network learns."""
        raise TypeError(f"{type(self).__name__} disturbs nothing")

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.UPDATE:
            return
        arrays: tuple[tuple[str, int | None], ...] = (("da", None),)
        if phase is Phase.FORWARD:
            arrays = ((self.drawn, 1), ("a", 1)) if p.training else (("a", 1),)
        for at in positions(p.shape):
            for i in range(p.shape[0]):
                yield from (Moment(array, (i, *at), steps) for array, steps in arrays)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array == self.drawn:
            return Number(float(p.known(array)[(*index, example)]))
        if array == "a":
            x = p.ref_a_prev(p.inputs[0], index, example)
            return self.disturbed(p, x, index, example) if p.training else x
        raise KeyError(array)
