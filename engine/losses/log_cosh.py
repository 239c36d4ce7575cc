"""The logarithm of the hyperbolic cosine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Negative, Number, Ref, Sum, minus
from engine.core.plan import Array
from engine.losses.base import Loss, losses, summed


@losses.add("log_cosh")
@dataclass(frozen=True)
class LogCosh(Loss):
    """``L = Σ_i ln cosh(a_i − y_i)``; ``da_i = tanh(a_i − y_i)``.

    Nearly ½ e² for a small error e and |e| − ln 2 for a large one, without any seam. Calculated
    as ``ln(1 + 2 sinh²(e/2))`` near 0 and ``|e| + ln(1 + e^−2|e|) − ln 2`` elsewhere.
    """

    title = "Log-cosh"
    summary = "Like Huber, but smooth everywhere: outliers count less."
    rank = 50

    def value(self, a: Array, y: Array) -> Array:
        size = np.abs(a - y)
        near = np.log1p(2.0 * np.square(np.sinh(0.5 * np.minimum(size, 1.0))))
        far = size + np.log1p(np.exp(-2.0 * size)) - math.log(2.0)
        L: Array = np.where(size < 1.0, near, far).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        da: Array = np.tanh(a - y)
        return da

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        return summed([_ln_cosh(minus(each, target)) for each, target in zip(a, y, strict=True)])

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        return Function("tanh", minus(a[i], y[i]))


def _ln_cosh(error: Expression) -> Expression:
    size = Function("abs", error)
    tail = Function("ln1p", Function("exp", Negative(Sum((size, size)))))
    return Function("ln cosh", error, Sum((size, tail, Negative(Number(math.log(2.0), "ln 2")))))
