"""Binary cross-entropy of logits."""

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
from engine.losses.base import losses, summed
from engine.losses.logits import Logits


@losses.add("bce_with_logits")
@dataclass(frozen=True)
class BinaryCrossEntropyWithLogits(Logits):
    """``L = ln(1 + e^a) − y a``, summed over the outputs; ``da = σ(a) − y``.

    The binary cross-entropy where the prediction a is the weighted sum itself, the logit of the
    probability σ(a): for an output without an activation (identity). Calculated as
    ``max(0, a) − y a + ln(1 + e^−|a|)``, which stays finite, like PyTorch's ``BCEWithLogitsLoss``
    (which takes the mean over the outputs by default).
    """

    title = "Binary cross-entropy (logits)"
    summary = "For probabilities, where the output gives the sum before the sigmoid."
    rank = 12

    def value(self, a: Array, y: Array) -> Array:
        L: Array = (np.logaddexp(0, a) - y * a).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        da: Array = 0.5 * np.tanh(0.5 * a) + 0.5 - y
        return da

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        return summed([_of_one(*each) for each in zip(a, y, strict=True)])

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        one = Number(1.0)
        opened = Quotient(one, Sum((one, Function("exp", Negative(a[i])))))
        return minus(Function("σ", a[i], opened), y[i])


def _of_one(a: Ref, y: Ref) -> Expression:
    """``max(0, a) − y a + ln(1 + e^−|a|)``, which cannot overflow."""
    soft = Function("ln1p", Function("exp", Negative(Function("abs", a))))
    return Sum((Maximum((Number(0.0), a)), Negative(Product((y, a))), soft))
