"""The scaled exponential linear unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.activations.elu import bent, bent_back, exp_below_zero
from engine.core.expressions import Expression, Maximum, Number, Product, Ref, Sum, Truth, minus
from engine.core.place import Place
from engine.core.plan import Array

SCALE = 1.0507009873554805
"""λ of the paper."""
ALPHA = 1.6732632423543772
"""α of the paper."""


@activations.add("selu")
@dataclass(frozen=True)
class SELU(Activation):
    """``λ z`` for z ≥ 0 and ``λ α (e^z − 1)`` else, with λ = 1.0507… and α = 1.6733….

    ``g'(z)`` is λ for z ≥ 0 and ``λ α e^z = a + λ α`` else; at 0 it jumps from λ α to λ. The two
    numbers make mean 0 and variance 1 a fixed point from layer to layer, with LeCun's first
    weights (Klambauer, Unterthiner, Mayr and Hochreiter, 2017).
    """

    title = "SELU"
    summary = "A scaled ELU that keeps the spread of the signals alike through many layers."
    letter = "SELU"
    bounds = (-SCALE * ALPHA, math.inf)
    rank = 37

    def value(self, z: Array) -> Array:
        return np.where(z >= 0, SCALE * z, SCALE * ALPHA * np.expm1(np.minimum(z, 0)))

    def derivative(self, z: Array) -> Array:
        return np.where(z >= 0, SCALE, SCALE * ALPHA * np.exp(np.minimum(z, 0))).astype(z.dtype)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        bent(p, z, a, SCALE, SCALE * ALPHA)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        bent_back(p, z, a, da, dz, SCALE, SCALE * ALPHA)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        bend = minus(exp_below_zero(z[i]), Number(1.0))
        below = Product((Number(SCALE * ALPHA, "λα"), Truth(z[i], "<", Number(0.0)), bend))
        return Sum((Product((Number(SCALE, "λ"), Maximum((Number(0.0), z[i])))), below))

    def slope(self, z: Ref, a: Ref) -> Expression:
        below = Product((Truth(z, "<", Number(0.0)), Sum((a, Number(SCALE * ALPHA, "λα")))))
        return Sum((Product((Number(SCALE, "λ"), Truth(z, "≥", Number(0.0)))), below))
