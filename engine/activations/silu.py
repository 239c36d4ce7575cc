"""The sigmoid linear unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.activations.base import Activation, activations
from engine.activations.logistic import logistic, logistic_cell
from engine.core.expressions import Expression, Number, Product, Ref, Sum, minus
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

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return Product((z[i], logistic_cell(z[i])))

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Sum((a, Product((logistic_cell(z), minus(Number(1.0), a)))))
