"""Gradient descent with momentum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Sum, minus
from engine.core.knobs import knob
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("momentum")
@dataclass(frozen=True)
class Momentum(Optimizer):
    """``v := β v + ∂J/∂θ``, ``θ := θ − α v`` (Polyak, 1964; PyTorch's convention)."""

    title = "Momentum"
    summary = "Gradient descent with a memory: steps in the same direction add up."
    memories = ("v",)
    rank = 20
    words = {
        "v": ("v := β v + ∂J/∂w", "v = beta * v + dW"),
        "w": ("w := w − α v", "W -= alpha * v"),
    }

    learning_rate: float = knob(0.1, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta: float = knob(0.9, "Momentum", symbol="β", minimum=0.0, maximum=1.0)

    def update(self, p: UpdatePlace) -> None:
        v, step = p.memory["v"], np.zeros_like(p.theta)
        p.line("β v", "v", np.multiply, v, p.plan.constant(self.beta), v)
        p.line("v := β v + ∂J/∂θ", "v", np.add, v, p.gradient, v)
        p.line("α v", "step", np.multiply, v, p.plan.constant(self.learning_rate), step)
        p.line("θ := θ − α v", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        v, new = w.memory["v"]
        return (
            (new, Sum((Product((Number(self.beta), v)), w.gradient))),
            (w.after, minus(w.before, Product((Number(self.learning_rate), new)))),
        )
