"""The squared hinge loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Maximum, Negative, Number, Power, Product, Ref, minus
from engine.core.plan import Array
from engine.losses.base import Loss, losses, summed
from engine.losses.signs import margin, sign_cell, signs


@losses.add("squared_hinge")
@dataclass(frozen=True)
class SquaredHinge(Loss):
    """``L = Σ_i max(0, 1 − t_i a_i)²``; ``da_i = −2 t_i max(0, 1 − t_i a_i)``, which has no kink.

    Targets in {0, 1} are read as t in {−1, +1}. Goes with the identity at the output: the decision
    is the sign of a. Source: Lee and Mangasarian, 2001.
    """

    title = "Squared hinge"
    summary = "Like hinge, but smooth, and hard on large mistakes (targets 0 count as −1)."
    rank = 62

    def value(self, a: Array, y: Array) -> Array:
        L: Array = np.square(np.maximum(0, 1 - signs(y) * a)).sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        t = signs(y)
        da: Array = -2 * t * np.maximum(0, 1 - t * a)
        return da

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        return summed([Power(_short(*each), 2) for each in zip(a, y, strict=True)])

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        return Negative(Product((Number(2.0), sign_cell(y[i]), _short(a[i], y[i]))))


def _short(a: Ref, y: Ref) -> Expression:
    """``max(0, 1 − t a)``: how much of the margin is missing."""
    return Maximum((Number(0.0), minus(Number(1.0), margin(a, y))))
