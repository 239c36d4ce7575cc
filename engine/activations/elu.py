"""The exponential linear unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Negative,
    Number,
    Product,
    Ref,
    Sum,
    Truth,
    minus,
)
from engine.core.knobs import knob
from engine.core.plan import Array


@activations.add("elu")
@dataclass(frozen=True)
class ELU(Activation):
    """``z`` for z ≥ 0 and ``α (e^z − 1)`` else (Clevert, Unterthiner and Hochreiter, 2016).

    ``g'(z)`` is 1 for z ≥ 0 and ``α e^z = a + α`` else, as in the lecture's table. At 0 the slope
    from the left is α: the derivative is continuous only for α = 1. Unlike a leaky ReLU it does
    saturate below zero, at −α.
    """

    title = "ELU"
    summary = "A ReLU that bends softly to −α below zero, so it keeps a slope there."
    letter = "ELU"
    rank = 36

    alpha: float = knob(
        1.0,
        "Depth below zero",
        minimum=0.0,
        maximum=10.0,
        symbol="α",
        help="ELU goes to −α for very negative sums; this α is not the learning rate.",
    )

    @property
    def bounds(self) -> tuple[float, float]:  # type: ignore[override]
        """From −α upwards."""
        return (-self.alpha, math.inf)

    def value(self, z: Array) -> Array:
        return np.where(z >= 0, z, self.alpha * np.expm1(np.minimum(z, 0)))

    def derivative(self, z: Array) -> Array:
        return np.where(z >= 0, 1.0, self.alpha * np.exp(np.minimum(z, 0))).astype(z.dtype)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        bend = minus(exp_below_zero(z[i]), Number(1.0))
        below = Product((Number(self.alpha), Truth(z[i], "<", Number(0.0)), bend))
        return Sum((Maximum((Number(0.0), z[i])), below))

    def slope(self, z: Ref, a: Ref) -> Expression:
        below = Product((Truth(z, "<", Number(0.0)), Sum((a, Number(self.alpha)))))
        return Sum((Truth(z, "≥", Number(0.0)), below))


def exp_below_zero(z: Expression) -> Expression:
    """``e^z`` where only its values for z < 0 count; it cannot overflow."""
    return Function("exp", z, Function("exp", Negative(Maximum((Number(0.0), Negative(z))))))
