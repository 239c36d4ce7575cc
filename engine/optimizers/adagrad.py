"""Adagrad."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Number, Power, Product, Quotient, Ref, Sum, minus
from engine.core.knobs import knob
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("adagrad")
@dataclass(frozen=True)
class Adagrad(Optimizer):
    """``s := s + g²``, ``θ := θ − α g / (√s + ε)`` (Duchi, Hazan and Singer, 2011).

    PyTorch's Adagrad with a rate that does not decay and a sum that begins at 0.
    """

    title = "Adagrad"
    summary = "Every weight has a step size of its own, which shrinks with all it has seen of its gradient."
    memories = ("s",)
    rank = 24
    words = {
        "s": ("s := s + (∂J/∂w)²", "s = s + dW**2"),
        "w": ("w := w − α ∂J/∂w / (√s + ε)", "W -= alpha * dW / (sqrt(s) + epsilon)"),
    }

    learning_rate: float = knob(0.1, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    epsilon: float = knob(1e-10, "Smallest divisor", symbol="ε", minimum=1e-16, maximum=1.0)

    def update(self, p: UpdatePlace) -> None:
        s, g, step = p.memory["s"], p.gradient, p.passing()
        p.line("g²", "step", np.multiply, g, g, step)
        p.line("s := s + g²", "s", np.add, s, step, s)
        p.line("√s", "step", np.sqrt, s, step)
        p.line("√s + ε", "step", np.add, step, p.plan.constant(self.epsilon), step)
        p.line("g / (√s + ε)", "step", np.divide, g, step, step)
        p.line("α g / (√s + ε)", "step", np.multiply, step, p.rate(self.learning_rate), step)
        p.line("θ := θ − α g / (√s + ε)", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        s, new = w.memory["s"]
        below = Sum((Function("√", new), Number(self.epsilon)))
        step = Product((*w.alpha(self.learning_rate), Quotient(w.gradient, below)))
        return ((new, Sum((s, Power(w.gradient, 2)))), (w.after, minus(w.before, step)))
