"""The rectified linear unit with a ceiling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Maximum, Number, Product, Ref, Truth, minus
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("relu6")
@dataclass(frozen=True)
class ReLU6(Activation):
    """``min(max(0, z), 6)``; ``g'(z)`` is 1 for 0 < z < 6 and 0 else, at both kinks too.

    Source: Krizhevsky, *Convolutional deep belief networks on CIFAR-10*, 2010.
    """

    title = "ReLU6"
    summary = "A ReLU that stops at 6; for networks on small devices."
    letter = "ReLU6"
    bounds = (0.0, 6.0)
    rank = 38

    def value(self, z: Array) -> Array:
        return np.clip(z, 0, 6)

    def derivative(self, z: Array) -> Array:
        return ((z > 0) & (z < 6)).astype(z.dtype)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        zero, six = p.plan.constant(0.0), p.plan.constant(6.0)
        p.forward("a = max(0, z)", "a", partial(np.maximum, z, zero, out=a))
        p.forward("a = min(max(0, z), 6)", "a", partial(np.minimum, a, six, out=a))

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        """``max(0, z) − max(0, z − 6)``."""
        zero = Number(0.0)
        return minus(Maximum((zero, z[i])), Maximum((zero, minus(z[i], Number(6.0)))))

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Product((Truth(z, ">", Number(0.0)), Truth(z, "<", Number(6.0))))
