"""Gradient descent with Nesterov's momentum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Sum, minus
from engine.core.knobs import knob
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("nesterov")
@dataclass(frozen=True)
class Nesterov(Optimizer):
    """``v := β v + ∂J/∂θ``, ``θ := θ − α (∂J/∂θ + β v)`` with the new v.

    Nesterov (1983) takes the slope where the momentum alone would lead; written for the weights at
    that point it needs no second place to look from (Sutskever et al., 2013; Bengio et al., 2013).
    This is PyTorch's ``SGD(nesterov=True)``.
    """

    title = "Nesterov momentum"
    summary = "Momentum that looks ahead: the step counts on the part of v that is still to come."
    memories = ("v",)
    rank = 22
    words = {
        "v": ("v := β v + ∂J/∂w", "v = beta * v + dW"),
        "w": ("w := w − α (∂J/∂w + β v)", "W -= alpha * (dW + beta * v)"),
    }

    learning_rate: float = knob(0.1, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta: float = knob(0.9, "Momentum", symbol="β", minimum=0.0, maximum=1.0)

    def update(self, p: UpdatePlace) -> None:
        v, g, step = p.memory["v"], p.gradient, p.passing()
        beta = p.plan.constant(self.beta)
        p.line("β v", "v", np.multiply, v, beta, v)
        p.line("v := β v + ∂J/∂θ", "v", np.add, v, g, v)
        p.line("β v", "step", np.multiply, v, beta, step)
        p.line("∂J/∂θ + β v", "step", np.add, step, g, step)
        p.line("α (∂J/∂θ + β v)", "step", np.multiply, step, p.rate(self.learning_rate), step)
        p.line("θ := θ − α (∂J/∂θ + β v)", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        v, new = w.memory["v"]
        beta = Number(self.beta)
        ahead = Sum((w.gradient, Product((beta, new))))
        return (
            (new, Sum((Product((beta, v)), w.gradient))),
            (w.after, minus(w.before, Product((*w.alpha(self.learning_rate), ahead)))),
        )
