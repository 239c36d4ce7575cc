"""No penalty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Ref
from engine.core.plan import Array
from engine.optimizers.base import UpdatePlace
from engine.regularizers.base import Regularizer, regularizers


@regularizers.add("none")
@dataclass(frozen=True)
class NoPenalty(Regularizer):
    """``R = 0``; no line in the plan."""

    title = "None"
    summary = "Large weights cost nothing."
    rank = 10

    def penalty(self, theta: Array, mask: Array | None = None, m: int = 1) -> float:
        return 0.0

    def gradient(self, theta: Array, m: int = 1) -> Array:
        return np.zeros_like(theta)

    def lines(self, p: UpdatePlace, weights: Array | None = None) -> None:
        pass

    def cell(self, w: Ref, m: int = 1) -> Expression:
        return Number(0.0)
