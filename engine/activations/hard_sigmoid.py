"""The hard sigmoid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Maximum, Number, Product, Quotient, Ref, Sum, Truth, minus
from engine.core.plan import Array


@activations.add("hard_sigmoid")
@dataclass(frozen=True)
class HardSigmoid(Activation):
    """``z/6 + ½``, held between 0 and 1; ``g'(z)`` is 1/6 for −3 < z < 3 and 0 else.

    At the kinks the flat side counts, and the slope is 1/6, both as in PyTorch (older Keras has
    0.2). Source: Courbariaux, Bengio and David, 2015, in the form of Howard et al., 2019.
    """

    title = "Hard sigmoid"
    summary = "A sigmoid of three straight lines: quick to calculate, and quite flat at both ends."
    letter = "hσ"
    bounds = (0.0, 1.0)
    rank = 72

    def value(self, z: Array) -> Array:
        return np.clip(z / 6.0 + 0.5, 0.0, 1.0)

    def derivative(self, z: Array) -> Array:
        return np.where(np.abs(z) < 3.0, 1.0 / 6.0, 0.0).astype(z.dtype)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        """``max(0, z/6 + ½) − max(0, z/6 − ½)``."""
        sixth, half, zero = Quotient(z[i], Number(6.0)), Number(0.5, "½"), Number(0.0)
        return minus(Maximum((zero, Sum((sixth, half)))), Maximum((zero, minus(sixth, half))))

    def slope(self, z: Ref, a: Ref) -> Expression:
        inside = Product((Truth(z, ">", Number(-3.0)), Truth(z, "<", Number(3.0))))
        return Product((Number(1.0 / 6.0, "1/6"), *inside.factors))
