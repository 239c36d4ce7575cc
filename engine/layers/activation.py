"""An activation function as a layer of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.core.expressions import Expression
from engine.core.knobs import knob
from engine.core.place import HANDED_ON, Block, Index, Moment, Place, Port, Shape, Terms
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.layers.activated import ACTIVATED, Activated
from engine.layers.base import layers
from engine.layers.copies import copied


@layers.add("activation")
@dataclass(frozen=True)
class ActivationLayer(Activated):
    """``z[l] = a[l−1]``, ``a[l] = g[l](z[l])``, of whatever shape; ``da_prev = dz``."""

    title = "Activation"
    summary = "Applies an activation function to what comes in, and nothing else."
    stem = "activation"
    sized = False
    rank = 25
    words = {
        **ACTIVATED,
        "z": ("value", "z[l] = a[l−1]", "z = a_prev"),
        "da": ("blame", "da[l] = dz[l+1]", "da_prev = dz"),
    }

    activation: Spec = knob(Spec("relu"), "Activation", family="activation", symbol="g")

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return inputs[0]

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        return self.g.blocks(id, shape)

    def forward(self, p: Place) -> None:
        self.activate(p, p.name("z", p.inputs[0].a))

    def backward(self, p: Place) -> None:
        p.hand_back(p.inputs[0], "da_prev = dz", copied, self.begin_backward(p))

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.FORWARD:
            yield from self.activation_steps(p, (("z", 1),), "a")
        if phase is Phase.BACKWARD:
            yield from self.backward_steps(p)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array == "z":
            return p.ref_a_prev(p.inputs[0], index, example)
        return self.activated_cell(p, array, index, example)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return p.ref("dz", index, example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON
