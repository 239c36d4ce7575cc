"""The rectified linear unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Maximum, Number, Ref, Truth
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("relu")
@dataclass(frozen=True)
class ReLU(Activation):
    """``max(0, z)``; ``g'(z)`` is 1 for z > 0 and 0 else, at the kink too."""

    title = "ReLU"
    summary = "Passes what is positive and blocks the rest; the usual choice for hidden layers."
    letter = "ReLU"
    rank = 30

    def value(self, z: Array) -> Array:
        return np.maximum(z, 0)

    def derivative(self, z: Array) -> Array:
        return (z > 0).astype(z.dtype)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        p.forward("a = max(0, z)", "a", partial(np.maximum, z, np.zeros_like(z), out=a))

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        alive = np.zeros(z.shape, bool)
        p.backward("alive = [z > 0]", "dz", np.greater, z, p.plan.constant(0.0), alive)
        p.backward("dz = da ⊙ [z > 0]", "dz", np.multiply, da, alive, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return Maximum((Number(0.0), z[i]))

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Truth(z, ">", Number(0.0))
