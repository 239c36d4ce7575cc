"""The sigmoid linear unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.activations.logistic import logistic, logistic_cell, logistic_lines
from engine.core.expressions import Expression, Number, Product, Ref, Sum, minus
from engine.core.place import Place
from engine.core.plan import Array

LOWEST = -0.2784645427610738
"""The smallest value, at z = −1.27846…."""


@activations.add("silu")
@dataclass(frozen=True)
class SiLU(Activation):
    """``z σ(z)``, ``g'(z) = a + σ(z) (1 − a)``; also called swish.

    Source: Elfwing, Uchibe and Doya, 2018; Ramachandran, Zoph and Le, 2017.
    """

    title = "SiLU (swish)"
    summary = "A smooth ReLU that dips a little below zero before it goes flat."
    letter = "SiLU"
    bounds = (LOWEST, math.inf)
    rank = 42

    def value(self, z: Array) -> Array:
        return z * logistic(z)

    def derivative(self, z: Array) -> Array:
        return logistic(z) * (1.0 + z * logistic(-z))

    def forward(self, p: Place, z: Array, a: Array) -> None:
        s = p.work["σ"] = p.kept(z.shape)
        p.forward("−z", "a", np.negative, z, s)
        logistic_lines(p, s, s)
        p.forward("a = z σ(z)", "a", np.multiply, z, s, a)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        s = p.work["σ"]
        p.backward("1 − a", "dz", np.subtract, p.plan.constant(1.0), a, dz)
        p.backward("σ(z) (1 − a)", "dz", np.multiply, dz, s, dz)
        p.backward("g'(z) = a + σ(z) (1 − a)", "dz", np.add, dz, a, dz)
        p.backward("dz = da ⊙ (a + σ(z) (1 − a))", "dz", np.multiply, dz, da, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return Product((z[i], logistic_cell(z[i])))

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Sum((a, Product((logistic_cell(z), minus(Number(1.0), a)))))
