"""Softmax with a temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Function, Maximum, Number, Product, Quotient, Ref, Sum, minus
from engine.core.knobs import knob
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("softmax_temperature")
@dataclass(frozen=True)
class SoftmaxTemperature(Activation):
    """``a_i = e^(z_i/T) / Σ_k e^(z_k/T)`` over the units of one example (axis 0).

    The Jacobian is ``∂a_i/∂z_k = a_i ([i = k] − a_k) / T``. T = 1 is the plain softmax, T towards
    0 gives everything to the largest sum, a large T makes all shares alike. It is a kind of its
    own because with cross-entropy ``dz = a − y`` holds for T = 1 only; here dz goes the long way.
    Source: Hinton, Vinyals and Dean, *Distilling the knowledge in a neural network*, 2015.
    """

    title = "Softmax with temperature"
    summary = "Shares that add up to one, made sharper (below 1) or more alike (above 1)."
    letter = "softmax"
    bounds = (0.0, 1.0)
    elementwise = False
    needs_z = False
    rank = 61

    temperature: float = knob(
        1.0,
        "Temperature",
        minimum=0.01,
        maximum=100.0,
        symbol="T",
        help="The sums are divided by it: low is sure of itself, high is undecided.",
    )

    def value(self, z: Array) -> Array:
        e = np.exp((z - z.max(axis=0, keepdims=True)) / self.temperature)
        a: Array = e / e.sum(axis=0, keepdims=True)
        return a

    def derivative(self, z: Array) -> Array:
        """The diagonal of the Jacobian: ``a_i (1 − a_i) / T``."""
        a = self.value(z)
        return a * (1.0 - a) / self.temperature

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        share = p.passing((1, *z.shape[1:]))
        T = p.plan.constant(self.temperature)
        p.backward("dz = a ⊙ da", "dz", np.multiply, a, da, dz)
        p.backward("Σ a ⊙ da", "dz", np.add.reduce, dz, 0, None, share, True)
        p.backward("dz = da − Σ a ⊙ da", "dz", np.subtract, da, share, dz)
        p.backward("dz = a ⊙ (da − Σ a ⊙ da)", "dz", np.multiply, dz, a, dz)
        p.backward("dz = a ⊙ (da − Σ a ⊙ da) / T", "dz", np.divide, dz, T, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        T, top = Number(self.temperature), Maximum(tuple(z))
        powers = [
            Function("exp", Quotient(each, T), Function("exp", Quotient(minus(each, top), T))) for each in z
        ]
        return Quotient(powers[i], Sum(tuple(powers)))

    def delta(self, da: Sequence[Ref], a: Sequence[Ref], slopes: Sequence[Ref], i: int) -> Expression:
        mean = Sum(tuple(Product((each, back)) for each, back in zip(a, da, strict=True)))
        return Quotient(Product((a[i], minus(da[i], mean))), Number(self.temperature))
