"""The L1 penalty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Number, Product, Ref
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.optimizers.base import UpdatePlace
from engine.regularizers.base import Regularizer, among, amount, regularizers


@regularizers.add("l1")
@dataclass(frozen=True)
class L1(Regularizer):
    """``R = λ Σ |w|``, ``∂R/∂w = λ sign(w)``, with 0 of the subgradients at w = 0.

    The pull is the same however small the weight is, so small ones end at 0 (with steps of finite
    length: they hop about it). Source: Tibshirani, *Regression shrinkage and selection via the
    lasso*, 1996.
    """

    title = "L1 (lasso)"
    summary = "Every weight is pulled towards 0 with the same force, so that few are left."
    words = ("∂J/∂w + λ sign(w)", "dW += strength * sign(W)")
    rank = 30

    strength: float = knob(0.001, "Strength", symbol="λ", minimum=0.0, maximum=1000.0)
    biases: bool = knob(False, "Biases too", help="Whether the biases are penalised as the weights are.")

    def penalty(self, theta: Array, mask: Array | None = None, m: int = 1) -> float:
        return self.strength * float(np.sum(np.abs(among(theta, mask))))

    def gradient(self, theta: Array, m: int = 1) -> Array:
        return self.strength * np.sign(theta)

    def lines(self, p: UpdatePlace, weights: Array | None = None) -> None:
        g, step = p.gradient, p.passing()
        p.line("sign(θ)", "step", np.sign, p.theta, step)
        p.line("λ sign(θ)", "step", np.multiply, step, amount(p, weights, self.strength), step)
        p.line("∂J/∂θ + λ sign(θ)", "gradient", np.add, g, step, g)

    def cell(self, w: Ref, m: int = 1) -> Expression:
        return Product((Number(self.strength), Function("sign", w)))
