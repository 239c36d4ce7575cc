"""What the layers share that make one output of several inputs. This module holds no kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from engine.core.place import Index, Moment, Place, Shape, positions
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.core.shapes import spoken
from engine.layers.base import LayerKind


class Merged(LayerKind):
    """A layer without parameters that makes its output of the cells of its inputs."""

    group = "Merging"
    sized = False
    takes: ClassVar[tuple[int, int | None]] = (2, None)

    def steps_of_a(self, p: Place) -> int:
        """In how many steps one cell of a is calculated."""
        return 1

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        steps = self.steps_of_a(p)
        for index in cells(p.shape):
            if phase is Phase.FORWARD:
                yield Moment("a", index, steps)
            if phase is Phase.BACKWARD and p.da is not None:
                yield Moment("da", index, None)


def cells(shape: Shape) -> Iterator[Index]:
    """Every cell of one example: unit by unit at every position."""
    return ((i, *at) for at in positions(shape) for i in range(shape[0]))


def the_same(title: str, inputs: Sequence[Shape]) -> Shape:
    """The shape that all inputs have; raises ``DocumentError`` if they differ."""
    for shape in inputs:
        if shape != inputs[0]:
            raise DocumentError(
                f"The inputs of {title} must have the same shape, and here they have {spoken(inputs[0])}"
                f" and {spoken(shape)} numbers: make them alike."
            )
    return inputs[0]
