"""Huber's loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Number, Power, Product, Ref, Sum, Truth, minus
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.losses.base import Loss, losses, summed


@losses.add("huber")
@dataclass(frozen=True)
class Huber(Loss):
    """``½ e²`` for |e| ≤ δ and ``δ (|e| − ½ δ)`` else, e = a − y, summed over the outputs.

    ``da_i`` is e for |e| ≤ δ and ``δ sign(e)`` else; the two pieces meet without a kink, as in
    PyTorch's ``HuberLoss``. Source: Huber, *Robust estimation of a location parameter*, 1964.
    """

    title = "Huber"
    summary = "Squared error near the target, plain distance far from it: outliers count less."
    rank = 45

    delta: float = knob(
        1.0,
        "Where it becomes straight",
        minimum=0.001,
        maximum=1000.0,
        symbol="δ",
        help="Errors up to δ are squared, larger ones count by their size.",
    )

    def value(self, a: Array, y: Array) -> Array:
        size = np.abs(a - y)
        near = np.minimum(size, self.delta)
        L: Array = (near * (size - 0.5 * near)).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        da: Array = np.clip(a - y, -self.delta, self.delta)
        return da

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        half, delta = Number(0.5, "½"), Number(self.delta)
        terms: list[Expression] = []
        for each, target in zip(a, y, strict=True):
            error = minus(each, target)
            size = Function("abs", error)
            straight = minus(size, Product((half, delta)))
            terms.append(Product((Truth(size, "≤", delta), half, Power(error, 2))))
            terms.append(Product((Truth(size, ">", delta), delta, straight)))
        return summed(terms)

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        error, delta = minus(a[i], y[i]), Number(self.delta)
        size = Function("abs", error)
        far = Product((Truth(size, ">", delta), delta, Function("sign", error)))
        return Sum((Product((Truth(size, "≤", delta), error)), far))
