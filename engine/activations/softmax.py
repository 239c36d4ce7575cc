"""Softmax: shares that add up to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Function, Maximum, Product, Quotient, Ref, Sum, minus
from engine.core.place import Place, flat
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
    needs_z = False
    rank = 60
    loops = {
        "a": "a[i, at, e] = exp(z[i, at, e]) / sum[k](exp(z[k, at, e]))",
        "dz": "dz[i, at, e] = a[i, at, e] * (da[i, at, e] - sum[k](a[k, at, e] * da[k, at, e]))",
    }

    def value(self, z: Array) -> Array:
        e = np.exp(z - z.max(axis=0, keepdims=True))
        a: Array = e / e.sum(axis=0, keepdims=True)
        return a

    def derivative(self, z: Array) -> Array:
        """The diagonal of the Jacobian: ``a_i (1 − a_i)``."""
        a = self.value(z)
        return a * (1.0 - a)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        row, each, ones = _row_of(p, z), flat(a), p.plan.full((1, len(z)), 1.0)
        p.forward("max z", "a", np.maximum.reduce, flat(z), 0, None, row, True)
        p.forward("a = z − max z", "a", np.subtract, flat(z), _plain(row), each)
        p.forward("a = e^(z − max z)", "a", np.exp, each, each)
        p.forward("Σ a", "a", ones.dot, each, row)
        p.forward("a = a / Σ a", "a", np.divide, each, _plain(row), each)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        row, each, ones = _row_of(p, z), flat(dz), p.plan.full((1, len(z)), 1.0)
        p.backward("dz = a ⊙ da", "dz", np.multiply, a, da, dz)
        p.backward("Σ a ⊙ da", "dz", ones.dot, each, row)
        p.backward("dz = da − Σ a ⊙ da", "dz", np.subtract, flat(da), _plain(row), each)
        p.backward("dz = a ⊙ (da − Σ a ⊙ da)", "dz", np.multiply, dz, a, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        top = Maximum(tuple(z))
        powers = [Function("exp", each, Function("exp", minus(each, top))) for each in z]
        return Quotient(powers[i], Sum(tuple(powers)))

    def delta(self, da: Sequence[Ref], a: Sequence[Ref], slopes: Sequence[Ref], i: int) -> Expression:
        mean = Sum(tuple(Product((each, back)) for each, back in zip(a, da, strict=True)))
        return Product((a[i], minus(da[i], mean)))


def _row_of(p: Place, z: Array) -> Array:
    """Room for one number a column: (1, m), or (1, positions · m)."""
    return p.passing((1, flat(z).shape[1]))


def _plain(row: Array) -> Array:
    """The row as it goes into a calculation; of a single column its number, which is faster."""
    return row.reshape(()) if row.size == 1 else row
