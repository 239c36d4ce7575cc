"""Cross-entropy over classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Negative,
    Product,
    Quotient,
    Ref,
    Sum,
    minus,
)
from engine.core.plan import Array
from engine.losses.base import Loss, LossPlace, losses, summed


@losses.add("cross_entropy")
@dataclass(frozen=True)
class CrossEntropy(Loss):
    """``L = −Σ_i y_i ln a_i`` with one-hot y.

    After a softmax it is calculated from z, ``L = ln Σ e^z_i − Σ y_i z_i`` with the largest z
    taken out, which stays finite; and ``dz = a − y``.
    """

    title = "Cross-entropy"
    summary = "For several classes: small when the predicted share of the true class is large."
    fuses = frozenset({"softmax"})
    probabilities = True
    least_outputs = 2
    rank = 20

    def value(self, a: Array, y: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(y > 0, y * np.log(a), 0.0)
        L: Array = -terms.sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.where(y > 0, y / a, 0.0)

    def forward(self, p: LossPlace) -> None:
        z = p.z
        if not p.fused or z is None:
            super().forward(p)
            return

        def from_z() -> None:
            shifted = z - z.max(axis=0, keepdims=True)
            log_sum = np.log(np.exp(shifted).sum(axis=0, keepdims=True))
            np.copyto(
                p.L, log_sum * p.y.sum(axis=0, keepdims=True) - (p.y * shifted).sum(axis=0, keepdims=True)
            )

        p.line("L = ln Σ e^z − Σ y z", "L", from_z)

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        terms = [
            Product((target, Function("ln", each, ln_share(z, i) if z else None)))
            for i, (each, target) in enumerate(zip(a, y, strict=True))
        ]
        return Negative(summed(terms))

    def slope(self, a: Ref, y: Ref, k: int) -> Expression:
        return Negative(Quotient(y, a))


def ln_share(z: Sequence[Ref], i: int) -> Expression:
    """``ln a_i = z_i − max z − ln Σ e^(z − max z)``, which cannot overflow."""
    top = Maximum(tuple(z))
    total = Sum(tuple(Function("exp", minus(each, top)) for each in z))
    return Sum((z[i], Negative(top), Negative(Function("ln", total))))
