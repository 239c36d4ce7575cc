"""Cross-entropy over classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Negative, Product, Quotient, Ref, minus
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.losses.base import LossPlace, losses, summed
from engine.losses.shares import Shares, ln_share
from engine.losses.smoothing import HELP, smoothed, smoothed_cell


@losses.add("cross_entropy")
@dataclass(frozen=True)
class CrossEntropy(Shares):
    """``L = −Σ_i y_i ln a_i`` with one-hot y.

    After a softmax it is calculated from z, ``L = ln Σ e^z_i − Σ y_i z_i`` with the largest z
    taken out, which stays finite; and ``dz = a − y``. With label smoothing
    ``y′ = (1 − ε) y + ε/k`` stands for y everywhere (Szegedy et al., 2016; the ``label_smoothing``
    of PyTorch).
    """

    title = "Cross-entropy"
    summary = "For several classes: small when the predicted share of the true class is large."
    rank = 20

    smoothing: float = knob(0.0, "Label smoothing", minimum=0.0, maximum=1.0, symbol="ε", help=HELP)

    def goal(self, y: Array) -> Array:
        return smoothed(y, self.smoothing)

    def value(self, a: Array, y: Array) -> Array:
        goal = self.goal(y)
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(goal > 0, goal * np.log(a), 0.0)
        L: Array = -terms.sum(axis=0, keepdims=True)
        return L

    def derivative(self, a: Array, y: Array) -> Array:
        goal = self.goal(y)
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.where(goal > 0, goal / a, 0.0)

    def goal_lines(self, p: LossPlace) -> Array:
        if not self.smoothing:
            return p.y
        goal, kept = p.passing(p.y.shape), p.plan.constant(1.0 - self.smoothing)
        dealt = p.plan.constant(self.smoothing / len(p.y))
        p.line("(1 − ε) y", "L", np.multiply, p.y, kept, goal)
        p.line("y′ = (1 − ε) y + ε/k", "L", np.add, goal, dealt, goal)
        return goal

    def error(self, p: LossPlace) -> None:
        if not self.smoothing:
            super().error(p)
            return
        p.back("dz = a − y′", "dz", lambda: np.subtract(p.a, self.goal(p.y), p.dz))

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        terms = [
            Product((self._goal_cell(y, i), Function("ln", each, ln_share(z, i) if z else None)))
            for i, each in enumerate(a)
        ]
        return Negative(summed(terms))

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        return Negative(Quotient(self._goal_cell(y, i), a[i]))

    def error_cell(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        return minus(a[i], self._goal_cell(y, i))

    def _goal_cell(self, y: Sequence[Ref], i: int) -> Expression:
        return smoothed_cell(y[i], self.smoothing, len(y))
