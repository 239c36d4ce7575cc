"""The Kullback-Leibler divergence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import (
    Expression,
    Function,
    Negative,
    Number,
    Product,
    Quotient,
    Ref,
    Sum,
    Truth,
    minus,
)
from engine.core.plan import Array
from engine.losses.base import LossPlace, losses, summed
from engine.losses.shares import Shares, ln_share


@losses.add("kl_divergence")
@dataclass(frozen=True)
class KLDivergence(Shares):
    """``L = Σ_i y_i ln(y_i / a_i)``, with 0 ln 0 = 0; ``da_i = −y_i / a_i``.

    The cross-entropy less the entropy of the target, which does not depend on the weights: so the
    derivative is that of the cross-entropy, and after a softmax ``dz = a − y``. With one-hot
    targets the two are the same. Source: Kullback and Leibler, *On information and sufficiency*, 1951.
    """

    title = "KL divergence"
    summary = "For targets that are shares themselves: how much the predicted shares miss of them."
    rank = 70

    def value(self, a: Array, y: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(y > 0, y * np.log(y / a), 0.0)
        L: Array = terms.sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.where(y > 0, y / a, 0.0)

    def forward(self, p: LossPlace) -> None:
        super().forward(p)
        if not p.fused or p.z is None:
            return

        def less_entropy() -> None:
            known = np.where(p.y > 0, p.y, 1.0)
            np.add(p.L, (known * np.log(known)).sum(axis=0, keepdims=True), p.L)

        p.line("L = ln Σ e^z − Σ y z + Σ y ln y", "L", less_entropy)

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        terms = []
        for i, (each, target) in enumerate(zip(a, y, strict=True)):
            ln_a = ln_share(z, i) if z else Function("ln", each)
            opened = minus(_ln_or_zero(target), ln_a)
            terms.append(Product((target, Function("ln", Quotient(target, each), opened))))
        return summed(terms)

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        return Negative(Quotient(y[i], a[i]))


def _ln_or_zero(y: Ref) -> Expression:
    """``ln y``, and 0 for y = 0."""
    return Function("ln", Sum((y, Truth(y, "=", Number(0.0)))))
