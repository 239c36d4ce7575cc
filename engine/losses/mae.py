"""Absolute error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Number, Product, Ref, minus
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.losses.base import Loss, losses, summed


@losses.add("mae")
@dataclass(frozen=True)
class AbsoluteError(Loss):
    """``L = c Σ_i |a_i − y_i|`` with c = 1 or 1/k for k outputs; ``da_i = c sign(a_i − y_i)``.

    At the kink, a = y, the slope is 0 (as in PyTorch's ``L1Loss``).
    """

    title = "Absolute error"
    summary = "For numbers with outliers: the plain distance from the target (MAE)."
    rank = 40

    form: str = knob("sum", "Factor", choices=("sum", "mean"), help="Σ or the mean over the outputs.")

    def factor(self, k: int) -> float:
        """c for k outputs."""
        return 1.0 if self.form == "sum" else 1.0 / k

    def value(self, a: Array, y: Array) -> Array:
        L: Array = self.factor(len(a)) * np.abs(a - y).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        da: Array = self.factor(len(a)) * np.sign(a - y)
        return da

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        sizes = [Function("abs", minus(each, target)) for each, target in zip(a, y, strict=True)]
        return self._scaled(summed(sizes), len(a))

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        return self._scaled(Function("sign", minus(a[i], y[i])), len(a))

    def _scaled(self, inner: Expression, k: int) -> Expression:
        c = self.factor(k)
        return inner if c == 1.0 else Product((Number(c, f"1/{k}"), inner))
