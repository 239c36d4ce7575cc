"""The inverse tangent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Function, Number, Power, Quotient, Ref, Sum
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("arctan")
@dataclass(frozen=True)
class Arctan(Activation):
    """``arctan(z)``, ``g'(z) = 1 / (1 + z²)``: saturates, but far more slowly than tanh."""

    title = "arctan"
    summary = "Like tanh, from −π/2 to π/2, and slower to go flat."
    letter = "arctan"
    bounds = (-math.pi / 2, math.pi / 2)
    rank = 70

    def value(self, z: Array) -> Array:
        return np.arctan(z)

    def derivative(self, z: Array) -> Array:
        """``(1 / √(1 + z²))²``, so that no square overflows."""
        slope: Array = np.square(1.0 / np.hypot(1.0, z))
        return slope

    def forward(self, p: Place, z: Array, a: Array) -> None:
        p.forward("a = arctan(z)", "a", np.arctan, z, a)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return Function("arctan", z[i])

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Quotient(Number(1.0), Sum((Number(1.0), Power(z, 2))))
