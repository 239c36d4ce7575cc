"""Cross-entropy of logits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Negative,
    Product,
    Quotient,
    Ref,
    Sum,
    minus,
)
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.losses.base import losses, summed
from engine.losses.logits import Logits
from engine.losses.shares import cross_entropy_of_z, ln_share
from engine.losses.smoothing import HELP, smoothed, smoothed_cell


@losses.add("cross_entropy_with_logits")
@dataclass(frozen=True)
class CrossEntropyWithLogits(Logits):
    """``L = −Σ_i y_i ln s_i`` with ``s = softmax(a)`` and one-hot y; ``da = s − y``.

    The cross-entropy where the prediction a is the weighted sums themselves, the logits: for an
    output without an activation (identity). With label smoothing ``y′ = (1 − ε) y + ε/k`` stands
    for y. This is what PyTorch calls ``CrossEntropyLoss``. For targets that do not add up to one
    ``da_i = s_i Σ y − y_i``.
    """

    title = "Cross-entropy (logits)"
    summary = "For several classes, where the output gives the sums before the softmax."
    least_outputs = 2
    rank = 22

    smoothing: float = knob(0.0, "Label smoothing", minimum=0.0, maximum=1.0, symbol="ε", help=HELP)

    def value(self, a: Array, y: Array) -> Array:
        return cross_entropy_of_z(a, smoothed(y, self.smoothing))

    def derivative(self, a: Array, y: Array) -> Array:
        goal = smoothed(y, self.smoothing)
        e = np.exp(a - a.max(axis=0, keepdims=True))
        da: Array = e * (goal.sum(axis=0, keepdims=True) / e.sum(axis=0, keepdims=True)) - goal
        return da

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        goal = self._goal_cells(y)
        terms = [Product((goal[i], Function("ln softmax", each, ln_share(a, i)))) for i, each in enumerate(a)]
        return Negative(summed(terms))

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        goal = self._goal_cells(y)
        top = Maximum(tuple(a))
        powers = [Function("exp", each, Function("exp", minus(each, top))) for each in a]
        share = Quotient(powers[i], Sum(tuple(powers)))
        return minus(Product((share, summed(goal))), goal[i])

    def _goal_cells(self, y: Sequence[Ref]) -> list[Expression]:
        return [smoothed_cell(each, self.smoothing, len(y)) for each in y]
