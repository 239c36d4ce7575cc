"""The parametric rectified linear unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.activations.base import Activation, activations
from engine.core.expressions import Expression, Number, Product, Ref, Sum, Truth, total
from engine.core.knobs import knob
from engine.core.place import Block, Index, Moment, Part, Place, Shape, below, positions
from engine.core.plan import Array
from engine.core.spec import Spec

ALPHA = "alpha"
"""The name of the parameter, (n, 1) or (1, 1)."""


@activations.add("prelu")
@dataclass(frozen=True)
class PReLU(Activation):
    """``z`` for z > 0 and ``α z`` else, where α is learned: one a unit, or one for all.

    ``g'(z)`` is 1 for z > 0 and α for z < 0; at the kink PyTorch takes α, some tables 1. Every z ≤ 0
    has its share in the gradient of α: ``dα = Σ da ⊙ z ⊙ [z ≤ 0]`` over the examples and positions.
    This α is not the learning rate. Source: He, Zhang, Ren and Sun, *Delving deep into
    rectifiers*, 2015; α starts at 0.25 as there.
    """

    title = "PReLU"
    summary = "A leaky ReLU that learns how much it lets through below zero."
    letter = "PReLU"
    letters = {ALPHA: "α"}
    rank = 35

    start: float = knob(
        0.25,
        "First slope below zero",
        minimum=-1.0,
        maximum=1.0,
        symbol="α",
        help="α before anything is learned.",
    )
    shared: bool = knob(False, "One slope for all units", help="Else every unit learns a slope of its own.")
    at_zero: str = knob(
        "slope",
        "Slope at z = 0",
        choices=("slope", "1"),
        symbol="g′(0)",
        help="The kink has no slope of its own: PyTorch takes the slope below zero, some tables take 1.",
    )

    def value(self, z: Array) -> Array:
        return np.where(z > 0, z, self.start * z)

    def derivative(self, z: Array) -> Array:
        return np.where(self._above(z), 1.0, self.start).astype(z.dtype)

    def _above(self, z: Array) -> Array:
        return np.asarray(z > 0 if self.at_zero == "slope" else z >= 0)

    def blocks(self, id: str, shape: Shape) -> tuple[Block, ...]:
        n = 1 if self.shared else shape[0]
        first = Spec.of("constant", value=self.start)
        axes = (None if self.shared else id, None)
        return (Block((n, 1), (Part(ALPHA, (slice(None), slice(None)), first, axes),)),)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        alpha = _along(p.parameters[ALPHA], z)
        p.forward("a = α z", "a", np.multiply, alpha, z, a)
        p.forward("a = z for z > 0", "a", lambda: np.copyto(a, z, where=z > 0))

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        alpha = _along(p.parameters[ALPHA], z)
        p.backward("dz = α da", "dz", np.multiply, alpha, da, dz)
        p.backward("dz = da for z > 0", "dz", lambda: np.copyto(dz, da, where=self._above(z)))
        if not p.learns:
            return
        share, dalpha = p.passing(z.shape), p.gradients[ALPHA]
        over = None if self.shared else tuple(range(1, z.ndim))
        p.backward("min(0, z)", "dalpha", partial(np.minimum, z, p.plan.constant(0.0), out=share))
        p.backward("da ⊙ min(0, z)", "dalpha", np.multiply, da, share, share)
        p.backward(
            "dα = Σ da ⊙ min(0, z)", "dalpha", lambda: np.copyto(dalpha, share.sum(over).reshape(-1, 1))
        )

    def explain(self, p: Place, z: Array) -> None:
        slope, alpha = p.array("slope"), _along(p.parameters[ALPHA], z)
        p.backward("g'(z)", "slope", lambda: np.copyto(slope, np.where(self._above(z), 1.0, alpha)))

    def steps(self, p: Place) -> Iterator[Moment]:
        for i in range(len(p.parameters[ALPHA])):
            yield Moment(f"d{ALPHA}", (i, 0))

    def parameter_cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != f"d{ALPHA}":
            raise KeyError(array)
        units = range(p.shape[0]) if self.shared else (index[0],)
        cells = [(i, *at) for i in units for at in positions(p.shape)]
        return total(*(self._share(p, each, example) for each in cells))

    def _share(self, p: Place, index: Index, example: int) -> Product:
        z = p.ref("z", index, example)
        return Product((p.ref("da", index, example), Truth(z, "≤", Number(0.0)), z))

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        above = Product((Truth(z[i], ">", Number(0.0)), z[i]))
        return Sum((above, Product((self._alpha(z[i]), Truth(z[i], "≤", Number(0.0)), z[i]))))

    def slope(self, z: Ref, a: Ref) -> Expression:
        above, under = (">", "≤") if self.at_zero == "slope" else ("≥", "<")
        kept = Product((self._alpha(z), Truth(z, under, Number(0.0))))
        return Sum((Truth(z, above, Number(0.0)), kept))

    def _alpha(self, z: Ref) -> Ref:
        """The α of the unit that z is of."""
        index = (0 if self.shared else z.index[0], 0)
        return Ref(z.owner, ALPHA, index, None, "α", z.layer.partition("⟨")[0], below(index[:1]))


def _along(alpha: Array, z: Array) -> Array:
    """α (n, 1) with as many axes as z, so that the two can be multiplied; a view."""
    return alpha.reshape(-1, *(1 for _ in z.shape[1:]))
