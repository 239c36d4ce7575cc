"""Clipping the length of the gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.clipping.base import Clipping, clippings
from engine.core.expressions import Expression, Maximum, Number, Product, Quotient, Ref
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.optimizers.base import OWNER, UpdatePlace


@clippings.add("by_norm")
@dataclass(frozen=True)
class ByNorm(Clipping):
    """``g := g · min(1, c/‖g‖) = g · c / max(c, ‖g‖)`` with the Euclidean norm of the whole gradient.

    All components shrink by the same factor, so the direction stays. A gradient no longer than c
    keeps its bits. The norm of the last update stands in the plan's array ``norm``. Source:
    Pascanu, Mikolov and Bengio, *On the difficulty of training recurrent neural networks*, 2013.
    """

    title = "By norm"
    summary = "A gradient that is longer than a bound is shortened to it; it keeps its direction."
    words = (
        "∂J/∂w := ∂J/∂w · c / max(c, ‖∂J/∂θ‖)",
        "dW = dW * c / maximum(c, norm)",
    )
    rank = 20

    bound: float = knob(1.0, "Largest norm", symbol="c", minimum=1e-12, maximum=1e12)

    def lines(self, p: UpdatePlace) -> None:
        g, norm, share = p.gradient, p.plan.array(OWNER, "norm", ()), p.plan.constant(1.0)

        def measure() -> None:
            length = _norm(g)
            norm[()] = length
            share[()] = self.bound / max(self.bound, length)

        p.line("‖g‖, min(1, c/‖g‖)", "norm", measure)
        p.line("g := g min(1, c/‖g‖)", "gradient", np.multiply, g, share, g)

    def cells(self, before: Ref, after: Ref) -> tuple[tuple[Ref, Expression], ...]:
        c, norm = Number(self.bound), Ref(OWNER, "norm", (), None, "‖g‖")
        return ((after, Product((before, Quotient(c, Maximum((c, norm)))))),)


def _norm(g: Array) -> float:
    """The norm; where the squares are too large for the precision, of the gradient over its largest slope."""
    squares = float(np.dot(g, g))
    if math.isfinite(squares):
        return math.sqrt(squares)
    largest = float(np.abs(g).max())
    return largest * float(np.linalg.norm(g / largest)) if math.isfinite(largest) else largest
