"""The identity: a linear unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Number, Ref
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("identity")
@dataclass(frozen=True)
class Identity(Activation):
    """``g(z) = z``, ``g'(z) = 1``."""

    title = "Identity"
    summary = "The output is the weighted sum itself; for regression."
    letter = "id"
    needs_z = False
    same = True
    rank = 50

    def value(self, z: Array) -> Array:
        return np.array(z)

    def derivative(self, z: Array) -> Array:
        return np.ones_like(z)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        p.forward("a = z", "a", np.positive, z, a)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        p.backward("dz = da", "dz", np.positive, da, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return z[i]

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Number(1.0)
