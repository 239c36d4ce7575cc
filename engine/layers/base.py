"""What a kind of layer is.

Methods in a fixed order: output shape, blocks of parameters, forward, backward, steps, cell.
Forward writes named arrays, backward reads them: the lecture's "cache z[l]" is the real thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from engine.core.expressions import Expression, Sum
from engine.core.place import Block, Moment, Place, Port, Shape
from engine.core.plan import Phase
from engine.core.registry import Kind, Registry


class LayerKind(Kind):
    """One kind of layer; its fields are its knobs."""

    role: ClassVar[str] = "hidden"
    """input, hidden or output."""
    stem: ClassVar[str] = "layer"
    """How ids of such layers begin."""
    starting_units: ClassVar[int] = 1
    """How many units a layer of this kind has when it is dropped on the canvas."""

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        """The shape of one example's output; raises ``DocumentError`` if the inputs do not fit."""
        raise TypeError(f"{type(self).__name__} has no output shape")

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        """The parameters; inputs are pairs of (layer id, shape)."""
        return ()

    def forward(self, p: Place) -> None:
        """Lines of the forward phase."""

    def backward(self, p: Place) -> None:
        """Lines of the backward phase: from ``p.da`` to the gradients and the inputs' da."""

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        """The cells of one example in the order in which a walkthrough calculates them."""
        return iter(())

    def cell(self, p: Place, array: str, index: tuple[int, ...], example: int) -> Expression:
        """How one cell came about; for a gradient, the share of one example."""
        raise KeyError(array)

    def sent(self, p: Place, port: Port, index: tuple[int, ...], example: int) -> Expression:
        """What this layer adds to ``da`` of a unit of one of its inputs."""
        raise KeyError(port.source)

    def sends(self, p: Place, port: Port, index: tuple[int, ...]) -> int:
        """Of how many products ``sent`` consists."""
        sent = self.sent(p, port, index, 0)
        return len(sent.terms) if isinstance(sent, Sum) else 1


layers: Registry[LayerKind] = Registry("layer", "engine.layers")
