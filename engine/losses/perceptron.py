"""The perceptron's loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Maximum, Negative, Number, Product, Ref, Truth
from engine.core.plan import Array
from engine.losses.base import Loss, losses, summed
from engine.losses.signs import margin, sign_cell, signs


@losses.add("perceptron")
@dataclass(frozen=True)
class PerceptronLoss(Loss):
    """``L = Σ_i max(0, −t_i a_i)``; ``da_i = −t_i [t_i a_i ≤ 0]``.

    Targets in {0, 1} are read as t in {−1, +1}. With the identity at the output, gradient descent
    on it is the perceptron rule: only mistakes teach. At the kink, a = 0, the slope is −t (as
    PyTorch's ``clamp_min``), so a start with all weights 0 learns too. Source: Rosenblatt, 1958.
    """

    title = "Perceptron"
    summary = "For classes −1 and +1: only mistakes count, by their size (targets 0 count as −1)."
    rank = 65

    def value(self, a: Array, y: Array) -> Array:
        L: Array = np.maximum(0, -signs(y) * a).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        t = signs(y)
        return np.where(t * a <= 0, -t, 0).astype(a.dtype)

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        zero = Number(0.0)
        return summed([Maximum((zero, Negative(margin(*each)))) for each in zip(a, y, strict=True)])

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        return Negative(Product((sign_cell(y[i]), Truth(margin(a[i], y[i]), "≤", Number(0.0)))))
