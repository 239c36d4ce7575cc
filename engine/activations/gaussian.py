"""The Gaussian bump."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Function, Negative, Number, Power, Product, Ref
from engine.core.plan import Array


@activations.add("gaussian")
@dataclass(frozen=True)
class Gaussian(Activation):
    """``e^(−z²)``, ``g'(z) = −2 z a``: large near z = 0 only.

    The bump of radial-basis networks (Broomhead and Lowe, 1988), here of the weighted sum.
    """

    title = "Gaussian bump"
    summary = "Answers only near zero; a single such neuron can learn XOR."
    letter = "gauss"
    bounds = (0.0, 1.0)
    rank = 75

    def value(self, z: Array) -> Array:
        a: Array = np.exp(-np.square(z))
        return a

    def derivative(self, z: Array) -> Array:
        return -2.0 * z * self.value(z)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return Function("exp", Negative(Power(z[i], 2)))

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Negative(Product((Number(2.0), z, a)))
