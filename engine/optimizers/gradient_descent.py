"""Gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Product, Ref, minus
from engine.core.knobs import knob
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("gradient_descent")
@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """``θ := θ − α ∂J/∂θ``."""

    title = "Gradient descent"
    summary = "Every weight goes a small step down its slope."
    rank = 10
    words = {"w": ("w := w − α ∂J/∂w", "W -= alpha * dW")}

    learning_rate: float = knob(0.5, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)

    def update(self, p: UpdatePlace) -> None:
        step = p.passing()
        p.line("α ∂J/∂θ", "step", np.multiply, p.gradient, p.rate(self.learning_rate), step)
        p.line("θ := θ − α ∂J/∂θ", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        step = Product((*w.alpha(self.learning_rate), w.gradient))
        return ((w.after, minus(w.before, step)),)
