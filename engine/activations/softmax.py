"""Softmax: shares that add up to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Function, Maximum, Product, Quotient, Ref, Sum, minus
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("softmax")
@dataclass(frozen=True)
class Softmax(Activation):
    """``a_i = e^z_i / Σ_k e^z_k`` over the units of one example (axis 0).

    Calculated with the largest z of the example subtracted, which changes nothing and cannot
    overflow. The Jacobian is ``∂a_i/∂z_k = a_i ([i = k] − a_k)``.
    """

    title = "Softmax"
    summary = "Turns the sums of a layer into shares that add up to one; for several classes."
    letter = "softmax"
    bounds = (0.0, 1.0)
    elementwise = False
    rank = 60

    def value(self, z: Array) -> Array:
        e = np.exp(z - z.max(axis=0, keepdims=True))
        a: Array = e / e.sum(axis=0, keepdims=True)
        return a

    def derivative(self, z: Array) -> Array:
        """The diagonal of the Jacobian: ``a_i (1 − a_i)``."""
        a = self.value(z)
        return a * (1.0 - a)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        top = np.zeros((1, *z.shape[1:]), z.dtype)
        p.forward("max z", "a", np.maximum.reduce, z, 0, None, top, True)
        p.forward("a = z − max z", "a", np.subtract, z, top, a)
        p.forward("a = e^(z − max z)", "a", np.exp, a, a)
        p.forward("Σ a", "a", np.add.reduce, a, 0, None, top, True)
        p.forward("a = a / Σ a", "a", np.divide, a, top, a)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        share = np.zeros((1, *z.shape[1:]), z.dtype)
        p.backward("dz = a ⊙ da", "dz", np.multiply, a, da, dz)
        p.backward("Σ a ⊙ da", "dz", np.add.reduce, dz, 0, None, share, True)
        p.backward("dz = da − Σ a ⊙ da", "dz", np.subtract, da, share, dz)
        p.backward("dz = a ⊙ (da − Σ a ⊙ da)", "dz", np.multiply, dz, a, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        top = Maximum(tuple(z))
        powers = [Function("exp", each, Function("exp", minus(each, top))) for each in z]
        return Quotient(powers[i], Sum(tuple(powers)))

    def delta(self, da: Sequence[Ref], a: Sequence[Ref], slopes: Sequence[Ref], i: int) -> Expression:
        mean = Sum(tuple(Product((each, back)) for each, back in zip(a, da, strict=True)))
        return Product((a[i], minus(da[i], mean)))
