"""The hyperbolic tangent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Function, Number, Power, Ref, minus
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("tanh")
@dataclass(frozen=True)
class Tanh(Activation):
    """``tanh(z)``, ``tanh'(z) = 1 − a²``."""

    title = "tanh"
    summary = "Squashes any sum into −1 to 1, centred on zero."
    letter = "tanh"
    bounds = (-1.0, 1.0)
    needs_z = False
    rank = 20

    def value(self, z: Array) -> Array:
        return np.tanh(z)

    def derivative(self, z: Array) -> Array:
        return 1.0 - np.tanh(z) ** 2

    def forward(self, p: Place, z: Array, a: Array) -> None:
        p.forward("a = tanh(z)", "a", np.tanh, z, a)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        one = p.plan.constant(1.0)
        p.backward("dz = a²", "dz", np.multiply, a, a, dz)
        p.backward("dz = 1 − a²", "dz", np.subtract, one, dz, dz)
        p.backward("dz = da ⊙ (1 − a²)", "dz", np.multiply, dz, da, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return Function("tanh", z[i])

    def slope(self, z: Ref, a: Ref) -> Expression:
        return minus(Number(1.0), Power(a, 2))
