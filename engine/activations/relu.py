"""The rectified linear unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Maximum, Number, Ref, Truth
from engine.core.knobs import knob
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("relu")
@dataclass(frozen=True)
class ReLU(Activation):
    """``max(0, z)``; ``g'(z)`` is 1 for z > 0 and 0 for z < 0.

    The kink at 0 has no slope: any number from 0 to 1 will do (a subgradient). Frameworks take 0,
    some tables, the lecture's too, take 1; ``at_zero`` chooses.
    """

    title = "ReLU"
    summary = "Passes what is positive and blocks the rest; the usual choice for hidden layers."
    letter = "ReLU"
    rank = 30

    at_zero: str = knob(
        "0",
        "Slope at z = 0",
        choices=("0", "1"),
        symbol="g′(0)",
        help="The kink has no slope of its own: PyTorch and TensorFlow take 0, some tables take 1.",
    )

    @property
    def needs_z(self) -> bool:  # type: ignore[override]
        """a > 0 where z > 0; but a = 0 for z = 0 and for all below."""
        return self.at_zero != "0"

    @property
    def may_follow_max(self) -> bool:  # type: ignore[override]
        """Only for z ≤ 0 are several a equal, and there g' is 0."""
        return not self.needs_z

    @property
    def _sign(self) -> str:
        return ">" if self.at_zero == "0" else "≥"

    def value(self, z: Array) -> Array:
        return np.maximum(z, 0)

    def derivative(self, z: Array) -> Array:
        return (z > 0 if self.at_zero == "0" else z >= 0).astype(z.dtype)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        p.forward("a = max(0, z)", "a", partial(np.maximum, z, p.plan.beside(z, 0.0), out=a))

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        alive = p.passing(z.shape, dtype=bool)
        above, of = (np.greater_equal, z) if self.needs_z else (np.greater, a)
        p.backward(f"alive = [z {self._sign} 0]", "dz", above, of, p.plan.constant(0.0), alive)
        p.backward("alive as 0 and 1", "dz", np.copyto, dz, alive)
        p.backward(f"dz = da ⊙ [z {self._sign} 0]", "dz", np.multiply, da, dz, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        return Maximum((Number(0.0), z[i]))

    def slope(self, z: Ref, a: Ref) -> Expression:
        return Truth(z, self._sign, Number(0.0))
