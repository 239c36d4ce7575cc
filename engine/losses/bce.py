"""Binary cross-entropy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Negative,
    Number,
    Product,
    Quotient,
    Ref,
    Sum,
    minus,
)
from engine.core.plan import Array
from engine.losses.base import Loss, LossPlace, losses, summed


@losses.add("bce")
@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """``L = −(y ln a + (1 − y) ln(1 − a))``, summed over the outputs.

    After a sigmoid it is calculated from z, ``L = ln(1 + e^z) − y z``, which stays finite however
    wrong the prediction is; and ``dz = a − y``.
    """

    title = "Binary cross-entropy"
    summary = "For probabilities: small when the predicted probability of the truth is large."
    fuses = frozenset({"sigmoid"})
    probabilities = True
    rank = 10

    def value(self, a: Array, y: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            right = np.where(y > 0, y * np.log(a), 0.0)
            wrong = np.where(y < 1, (1 - y) * np.log1p(-a), 0.0)
        L: Array = -(right + wrong).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            right = np.where(y > 0, y / a, 0.0)
            return np.where(y < 1, (1 - y) / (1 - a), 0.0) - right

    def forward(self, p: LossPlace) -> None:
        if not p.fused:
            super().forward(p)
            return
        z, y = p.z, p.y
        assert z is not None
        soft, part, zero = p.passing(z.shape), p.passing(z.shape), p.plan.constant(0.0)
        p.line("ln(1 + e^z)", "L", np.logaddexp, zero, z, soft)
        p.line("y z", "L", np.multiply, y, z, part)
        if len(z) == 1:
            p.line("L = ln(1 + e^z) − y z", "L", np.subtract, soft, part, p.L)
        else:
            ones = p.plan.full((1, len(z)), 1.0)
            p.line("ln(1 + e^z) − y z", "L", np.subtract, soft, part, soft)
            p.line("L = Σ over the outputs", "L", ones.dot, soft, p.L)

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        one = Number(1.0)
        terms = [
            Sum(
                (
                    Product((target, Function("ln", each, _ln_sigmoid(z[i]) if z else None))),
                    Product(
                        (
                            minus(one, target),
                            Function("ln", minus(one, each), _ln_sigmoid(Negative(z[i])) if z else None),
                        )
                    ),
                )
            )
            for i, (each, target) in enumerate(zip(a, y, strict=True))
        ]
        return Negative(summed(terms))

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        one = Number(1.0)
        return Sum((Negative(Quotient(y[i], a[i])), Quotient(minus(one, y[i]), minus(one, a[i]))))


def _ln_sigmoid(z: Expression) -> Expression:
    """``ln σ(z) = −max(0, −z) − ln(1 + e^−|z|)``, which cannot overflow."""
    soft = Function("ln1p", Function("exp", Negative(Function("abs", z))))
    return minus(Negative(Maximum((Number(0.0), Negative(z)))), soft)
