"""The exponential linear unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

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
from engine.core.place import Place
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

    def forward(self, p: Place, z: Array, a: Array) -> None:
        bent(p, z, a, 1.0, self.alpha)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        bent_back(p, z, a, da, dz, 1.0, self.alpha)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        bend = minus(exp_below_zero(z[i]), Number(1.0))
        below = Product((Number(self.alpha), Truth(z[i], "<", Number(0.0)), bend))
        return Sum((Maximum((Number(0.0), z[i])), below))

    def slope(self, z: Ref, a: Ref) -> Expression:
        below = Product((Truth(z, "<", Number(0.0)), Sum((a, Number(self.alpha)))))
        return Sum((Truth(z, "≥", Number(0.0)), below))


def bent(p: Place, z: Array, a: Array, scale: float, alpha: float) -> None:
    """Lines for ``a = scale z`` for z ≥ 0 and ``α (e^z − 1)`` else."""
    zeros, positive = p.plan.beside(z, 0.0), p.passing(z.shape)
    p.forward("min(0, z)", "a", partial(np.minimum, z, zeros, out=a))
    p.forward("e^min(0, z) − 1", "a", np.expm1, a, a)
    if alpha != 1.0:
        p.forward("α (e^min(0, z) − 1)", "a", np.multiply, a, p.plan.constant(alpha), a)
    p.forward("max(0, z)", "a", partial(np.maximum, z, zeros, out=positive))
    if scale != 1.0:
        p.forward("λ max(0, z)", "a", np.multiply, positive, p.plan.constant(scale), positive)
    p.forward("a = max(0, z) + α (e^min(0, z) − 1)", "a", np.add, a, positive, a)


def bent_back(p: Place, z: Array, a: Array, da: Array, dz: Array, scale: float, alpha: float) -> None:
    """Lines for ``dz = da ⊙ g'(z)``, g'(z) = scale for z ≥ 0 and ``a + α`` else."""
    zeros, alive, jump = p.plan.beside(z, 0.0), p.passing(z.shape, dtype=bool), p.passing(z.shape)
    p.backward("min(0, a)", "dz", partial(np.minimum, a, zeros, out=dz))
    p.backward("min(0, a) + α", "dz", np.add, dz, p.plan.constant(alpha), dz)
    if scale != alpha:
        p.backward("alive = [z ≥ 0]", "dz", np.greater_equal, z, p.plan.constant(0.0), alive)
        p.backward("alive as 0 and 1", "dz", np.copyto, jump, alive)
        p.backward("the jump at 0", "dz", np.multiply, jump, p.plan.constant(scale - alpha), jump)
        p.backward("g'(z)", "dz", np.add, dz, jump, dz)
    p.backward("dz = da ⊙ g'(z)", "dz", np.multiply, dz, da, dz)


def exp_below_zero(z: Expression) -> Expression:
    """``e^z`` where only its values for z < 0 count; it cannot overflow."""
    return Function("exp", z, Function("exp", Negative(Maximum((Number(0.0), Negative(z))))))
