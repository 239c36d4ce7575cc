"""The leaky rectified linear unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Number, Product, Ref, Sum, Truth
from engine.core.knobs import knob
from engine.core.place import Place
from engine.core.plan import Array


@activations.add("leaky_relu")
@dataclass(frozen=True)
class LeakyReLU(Activation):
    """``z`` for z > 0 and ``slope z`` else; it never goes quite flat (Maas, Hannun and Ng, 2013).

    ``g'(z)`` is 1 for z > 0 and the slope for z < 0. At the kink frameworks take the slope from
    below, some tables take 1; ``at_zero`` chooses.
    """

    title = "Leaky ReLU"
    summary = "A ReLU that lets a little through below zero, so it cannot die."
    letter = "lReLU"
    rank = 35

    leak: float = knob(0.01, "Slope below zero", minimum=0.0, maximum=1.0, symbol="slope")
    at_zero: str = knob(
        "slope",
        "Slope at z = 0",
        choices=("slope", "1"),
        symbol="g′(0)",
        help="The kink has no slope of its own: PyTorch takes the slope below zero, some tables take 1.",
    )

    def value(self, z: Array) -> Array:
        return np.where(z > 0, z, self.leak * z)

    def derivative(self, z: Array) -> Array:
        above = z > 0 if self.at_zero == "slope" else z >= 0
        return np.where(above, 1.0, self.leak).astype(z.dtype)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        p.forward("slope z", "a", np.multiply, z, p.plan.constant(self.leak), a)
        p.forward("a = max(z, slope z)", "a", partial(np.maximum, z, a, out=a))

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        alive, leak = p.passing(z.shape, dtype=bool), p.plan.beside(z, self.leak)
        above, sign = (np.greater, ">") if self.at_zero == "slope" else (np.greater_equal, "≥")
        p.backward(f"alive = [z {sign} 0]", "dz", above, z, p.plan.constant(0.0), alive)
        p.backward("alive as 0 and 1", "dz", np.copyto, dz, alive)
        p.backward("g'(z) = max(slope, alive)", "dz", partial(np.maximum, dz, leak, out=dz))
        p.backward("dz = da ⊙ g'(z)", "dz", np.multiply, dz, da, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        positive = Product((Truth(z[i], ">", Number(0.0)), z[i]))
        return Sum((positive, Product((Number(self.leak), Truth(z[i], "≤", Number(0.0)), z[i]))))

    def slope(self, z: Ref, a: Ref) -> Expression:
        above, below = (">", "≤") if self.at_zero == "slope" else ("≥", "<")
        return Sum((Truth(z, above, Number(0.0)), Product((Number(self.leak), Truth(z, below, Number(0.0))))))
