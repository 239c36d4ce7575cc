"""Softsign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Function, Number, Power, Quotient, Ref, Sum
from engine.core.plan import Array


@activations.add("softsign")
@dataclass(frozen=True)
class Softsign(Activation):
    """``z / (1 + |z|)``, ``g'(z) = 1 / (1 + |z|)²`` (Turian, Bergstra and Bengio, 2009)."""

    title = "Softsign"
    summary = "Like tanh, but it flattens slowly."
    letter = "softsign"
    bounds = (-1.0, 1.0)
    rank = 71

    def value(self, z: Array) -> Array:
        return z / (1.0 + np.abs(z))

    def derivative(self, z: Array) -> Array:
        slope: Array = np.square(1.0 / (1.0 + np.abs(z)))
        return slope

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return Quotient(z[i], _one_and_size(z[i]))

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Quotient(Number(1.0), Power(_one_and_size(z), 2))


def _one_and_size(z: Expression) -> Expression:
    return Sum((Number(1.0), Function("abs", z)))
