"""The hinge loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Maximum, Negative, Number, Product, Ref, Truth, minus
from engine.core.plan import Array
from engine.losses.base import Loss, losses, summed
from engine.losses.signs import margin, sign_cell, signs


@losses.add("hinge")
@dataclass(frozen=True)
class Hinge(Loss):
    """``L = Σ_i max(0, 1 − t_i a_i)``; ``da_i = −t_i [t_i a_i ≤ 1]``.

    Targets in {0, 1} are read as t in {−1, +1}. At the kink, t a = 1, the slope is −t (as PyTorch's
    ``clamp_min``, of which its hinge losses are made). Goes with the identity at the output: the
    decision is the sign of a. Source: Cortes and Vapnik, *Support-vector networks*, 1995.
    """

    title = "Hinge"
    summary = (
        "For classes −1 and +1: zero once the answer is right with a margin of 1 (targets 0 count as −1)."
    )
    rank = 60

    def value(self, a: Array, y: Array) -> Array:
        L: Array = np.maximum(0, 1 - signs(y) * a).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        t = signs(y)
        return np.where(t * a <= 1, -t, 0).astype(a.dtype)

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        one, zero = Number(1.0), Number(0.0)
        return summed([Maximum((zero, minus(one, margin(*each)))) for each in zip(a, y, strict=True)])

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        return Negative(Product((sign_cell(y[i]), Truth(margin(a[i], y[i]), "≤", Number(1.0)))))
