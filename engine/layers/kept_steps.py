"""What makes a vector of a sequence, and which steps count where a second input marks padding.

This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.core.place import Moment, Place, Port, Shape
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.layers.base import LayerKind
from engine.layers.copies import nothing


@dataclass(frozen=True)
class KeptSteps(LayerKind):
    """From (n, T, m) to (n, m); a kind says what is kept of the T steps."""

    group = "Sequences"
    sized = False
    takes = (1, 2)

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return (feature_count(self.title, inputs),)

    def loop(self, p: Place, array: str) -> str:
        return super().loop(p, array) if len(p.inputs) == 1 else ""

    def numbers_in_loops(self, p: Place) -> Mapping[str, float]:
        return {"T": p.inputs[0].shape[1]}

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        for j in range(p.shape[0]):
            if phase is Phase.FORWARD:
                yield Moment("a", (j,))
            if phase is Phase.BACKWARD:
                yield Moment("da", (j,), None)


def feature_count(title: str, inputs: Sequence[Shape]) -> int:
    """The features of a sequence; raises ``DocumentError`` unless a mask, if any, is as long."""
    if len(inputs[0]) != 2:
        raise DocumentError(f"{title} takes a sequence (features, time): put it after a recurrent layer.")
    n, T = inputs[0]
    if len(inputs) > 1 and inputs[1] != (T,):
        raise DocumentError(
            f"The second input of {title.lower()} marks the padding: it must be a vector of {T} numbers."
        )
    return n


def counts(p: Place) -> Array | None:
    """The numbers (T, m) of which 0 marks a step that does not count; ``None`` if all count."""
    return p.inputs[1].a if len(p.inputs) > 1 else None


def counting(p: Place, example: int) -> list[int]:
    """The steps of an example that count."""
    T, marks = p.inputs[0].shape[1], counts(p)
    return [t for t in range(T) if marks is None or marks[t, example] != 0.0]


def no_gradient(p: Place, port: Port) -> None:
    """The line for an input that only marks: its gradient is 0."""
    p.hand_back(port, "da of the marks = 0", nothing)
