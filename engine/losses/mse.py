"""Squared error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.expressions import Expression, Number, Power, Product, Quotient, Ref, minus
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.losses.base import Loss, losses, summed


@losses.add("mse")
@dataclass(frozen=True)
class SquaredError(Loss):
    """``L = c Σ_i (a_i − y_i)²`` with c = ½, 1 or 1/k for k outputs; ``da_i = 2 c (a_i − y_i)``."""

    title = "Squared error"
    summary = "For numbers: the square of the distance from the target."
    rank = 30

    form: str = knob(
        "half", "Factor", choices=("half", "sum", "mean"), help="½ Σ, Σ or the mean over the outputs."
    )

    def factor(self, k: int) -> float:
        """c for k outputs."""
        return {"half": 0.5, "sum": 1.0, "mean": 1.0 / k}[self.form]

    def value(self, a: Array, y: Array) -> Array:
        L: Array = self.factor(len(a)) * ((a - y) ** 2).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        return 2.0 * self.factor(len(a)) * (a - y)

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        squares = summed([Power(minus(each, target), 2) for each, target in zip(a, y, strict=True)])
        if self.form == "half":
            return Product((Quotient(Number(1.0), Number(2.0)), squares))
        if self.form == "mean" and len(a) > 1:
            return Product((Quotient(Number(1.0), Number(float(len(a)))), squares))
        return squares

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        c = 2.0 * self.factor(len(a))
        return minus(a[i], y[i]) if c == 1.0 else Product((Number(c), minus(a[i], y[i])))
