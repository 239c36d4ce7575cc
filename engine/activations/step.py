"""The binary step (Heaviside)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import DECIMALS, Expression, Function, Number, Product, Ref, Truth, minus
from engine.core.knobs import knob
from engine.core.place import Place
from engine.core.plan import Array

LEAST = 0.5 * 10.0**-DECIMALS
"""What is smaller rounds to 0."""


@activations.add("step")
@dataclass(frozen=True)
class Step(Activation):
    """``h(z) = [z ≥ 0]`` or ``[z > 0]``, as 0 and 1 or as −1 and +1; ``h'(z) = 0``.

    The jump has no slope and everything else is flat, so no gradient passes: such a unit learns
    by the perceptron rule, not by backpropagation. With a bias the lecture takes ``z ≥ 0``; a
    threshold neuron (McCulloch and Pitts, 1943), ``Σ w x > θ``, takes the strict sign.

    z is rounded to 12 decimals before it is compared with 0: with a learning rate of 0.1 the sum
    −0.2 + 0.2 may come out as −2.8e-17, which on the blackboard is 0 and fires.
    """

    title = "Binary step"
    summary = "Fires or does not; has no slope, so backpropagation cannot train it."
    letter = "h"
    rank = 55

    comparison: str = knob(
        ">=",
        "Fires if z is",
        choices=(">=", ">"),
        help="What happens at exactly z = 0: >= 0 fires (bias form), > 0 does not (threshold form).",
    )
    outputs: str = knob(
        "{0, 1}", "Outputs", choices=("{0, 1}", "{-1, +1}"), help="What comes out at rest and when firing."
    )

    @property
    def bounds(self) -> tuple[float, float]:  # type: ignore[override]
        """The two values."""
        return (self._rest, 1.0)

    @property
    def _rest(self) -> float:
        return 0.0 if self.outputs == "{0, 1}" else -1.0

    @property
    def _sign(self) -> str:
        return "≥" if self.comparison == ">=" else ">"

    def value(self, z: Array) -> Array:
        fires = z >= -LEAST if self.comparison == ">=" else z > LEAST
        return np.where(fires, 1.0, self._rest).astype(z.dtype)

    def derivative(self, z: Array) -> Array:
        return np.zeros_like(z)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        p.backward("dz = 0", "dz", dz.fill, 0.0)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        fires = Truth(Function("round", z[i]), self._sign, Number(0.0))
        return fires if self._rest == 0.0 else minus(Product((Number(2.0), fires)), Number(1.0))

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Number(0.0)
