"""The identity: a linear unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Number, Ref
from engine.core.plan import Array


@activations.add("identity")
@dataclass(frozen=True)
class Identity(Activation):
    """``g(z) = z``, ``g'(z) = 1``."""

    title = "Identity"
    summary = "The output is the weighted sum itself; for regression."
    letter = "id"
    rank = 50

    def value(self, z: Array) -> Array:
        return np.array(z)

    def derivative(self, z: Array) -> Array:
        return np.ones_like(z)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return z[i]

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Number(1.0)
