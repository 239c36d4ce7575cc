"""What the losses over classes share: predictions are shares, and the logarithm of a share from z.

This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.core.expressions import Expression, Function, Maximum, Negative, Ref, Sum, minus
from engine.core.plan import Array
from engine.losses.base import Loss, LossPlace


class Shares(Loss):
    """A loss of shares that add up to one; after a softmax it is calculated from z.

    ``−Σ_i y_i ln a_i = ln Σ e^z_i − Σ y_i z_i`` with the largest z taken out, which stays finite.
    """

    fuses = frozenset({"softmax"})
    probabilities = True
    least_outputs = 2

    def goal(self, y: Array) -> Array:
        """The shares that are aimed at; by default the targets themselves."""
        return y

    def goal_lines(self, p: LossPlace) -> Array:
        """Lines that write it, if any are needed, and where it then stands."""
        return p.y

    def forward(self, p: LossPlace) -> None:
        if not p.fused or p.z is None:
            super().forward(p)
            return
        z, row, ln_a, e = p.z, p.passing(p.L.shape), p.passing(p.z.shape), p.passing(p.z.shape)
        ones, minus_ones = (p.plan.full((1, len(z)), each) for each in (1.0, -1.0))
        p.line("max z", "L", np.maximum.reduce, z, 0, None, row, True)
        p.line("z − max z", "L", np.subtract, z, row, ln_a)
        p.line("e^(z − max z)", "L", np.exp, ln_a, e)
        p.line("Σ e^(z − max z)", "L", ones.dot, e, row)
        p.line("ln Σ e^(z − max z)", "L", np.log, row, row)
        p.line("ln a = z − max z − ln Σ e^(z − max z)", "L", np.subtract, ln_a, row, ln_a)
        p.line("y ln a", "L", np.multiply, self.goal_lines(p), ln_a, ln_a)
        p.line("L = −Σ y ln a", "L", minus_ones.dot, ln_a, p.L)


def cross_entropy_of_z(z: Array, y: Array) -> Array:
    """``ln Σ_i e^z_i · Σ_i y_i − Σ_i y_i z_i`` of every column, (1, m)."""
    shifted = z - z.max(axis=0, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    L: Array = log_sum * y.sum(axis=0, keepdims=True) - (y * shifted).sum(axis=0, keepdims=True)
    return L


def ln_share(z: Sequence[Ref], i: int) -> Expression:
    """``ln a_i = z_i − max z − ln Σ e^(z − max z)``, which cannot overflow."""
    top = Maximum(tuple(z))
    total = Sum(tuple(Function("exp", minus(each, top)) for each in z))
    return Sum((z[i], Negative(top), Negative(Function("ln", total))))
