"""Softplus."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.activations.base import Activation, activations
from engine.activations.logistic import STEEPEST, logistic, logistic_cell
from engine.core.expressions import Expression, Function, Maximum, Negative, Number, Ref, Sum
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("softplus")
@dataclass(frozen=True)
class Softplus(Activation):
    """``ln(1 + e^z)``, ``g'(z) = σ(z)``: a ReLU without a kink (Dugas et al., 2001).

    Calculated as ``logaddexp(0, z)``, which cannot overflow.
    """

    title = "Softplus"
    summary = "A ReLU with a smooth bend; its slope is the sigmoid."
    letter = "softplus"
    bounds = (0.0, math.inf)
    rank = 45

    def value(self, z: Array) -> Array:
        a: Array = np.logaddexp(0.0, z)
        return a

    def derivative(self, z: Array) -> Array:
        return logistic(z)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        p.forward("a = ln(1 + e^z)", "a", np.logaddexp, p.plan.constant(0.0), z, a)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        one, most = p.plan.constant(1.0), p.plan.beside(z, STEEPEST)
        p.backward("−z", "dz", np.negative, z, dz)
        p.backward(f"−z, at most {STEEPEST:g}", "dz", partial(np.minimum, dz, most, out=dz))
        p.backward("e^−z", "dz", np.exp, dz, dz)
        p.backward("1 + e^−z", "dz", np.add, dz, one, dz)
        p.backward("dz = da / (1 + e^−z)", "dz", np.divide, da, dz, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        soft = Function("ln1p", Function("exp", Negative(Function("abs", z[i]))))
        opened = Sum((Maximum((Number(0.0), z[i])), soft))
        return Function("ln", Sum((Number(1.0), Function("exp", z[i]))), opened)

    def slope(self, z: Ref, a: Ref) -> Expression:
        return logistic_cell(z)
