"""The logistic sigmoid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Function, Negative, Number, Product, Quotient, Ref, Sum, minus
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("sigmoid")
@dataclass(frozen=True)
class Sigmoid(Activation):
    """``σ(z) = 1 / (1 + e^−z)``, ``σ'(z) = a (1 − a)``.

    Calculated as ``(tanh(z/2) + 1) / 2``, which cannot overflow.
    """

    title = "Sigmoid (logistic)"
    summary = "Squashes any sum into 0 to 1: a probability. Flat at both ends."
    letter = "σ"
    bounds = (0.0, 1.0)
    needs_z = False
    rank = 10

    def value(self, z: Array) -> Array:
        return 0.5 * np.tanh(0.5 * z) + 0.5

    def derivative(self, z: Array) -> Array:
        a = self.value(z)
        return a * (1.0 - a)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        half = p.plan.constant(0.5)
        p.forward("a = ½ z", "a", np.multiply, z, half, a)
        p.forward("a = tanh(½ z)", "a", np.tanh, a, a)
        p.forward("a = ½ tanh(½ z)", "a", np.multiply, a, half, a)
        p.forward("a = ½ tanh(½ z) + ½", "a", np.add, a, half, a)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        one = p.plan.constant(1.0)
        p.backward("dz = 1 − a", "dz", np.subtract, one, a, dz)
        p.backward("dz = a ⊙ (1 − a)", "dz", np.multiply, dz, a, dz)
        p.backward("dz = da ⊙ a ⊙ (1 − a)", "dz", np.multiply, dz, da, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        opened = Quotient(Number(1.0), Sum((Number(1.0), Function("exp", Negative(z[i])))))
        return Function("σ", z[i], opened)

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Product((a, minus(Number(1.0), a)))
