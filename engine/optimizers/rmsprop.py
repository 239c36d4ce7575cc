"""RMSProp."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Number, Product, Quotient, Ref, Sum, minus
from engine.core.knobs import knob
from engine.optimizers import moments
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("rmsprop")
@dataclass(frozen=True)
class RMSProp(Optimizer):
    """``v := β v + (1 − β) g²``, ``θ := θ − α g / (√v + ε)`` (Tieleman and Hinton, 2012, lecture 6.5).

    PyTorch's RMSprop, not centred and without momentum; its ``alpha`` is β here, and ε stands
    outside the root as there.
    """

    title = "RMSProp"
    summary = "Divides every weight's gradient by its usual size of late."
    memories = ("v",)
    rank = 26
    words = {
        "v": ("v := β v + (1 − β) (∂J/∂w)²", "v = beta * v + (1 - beta) * dW**2"),
        "w": ("w := w − α ∂J/∂w / (√v + ε)", "W -= alpha * dW / (sqrt(v) + epsilon)"),
    }

    learning_rate: float = knob(0.01, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta: float = knob(0.99, "Square's memory", symbol="β", minimum=0.0, maximum=0.999999)
    epsilon: float = knob(1e-8, "Smallest divisor", symbol="ε", minimum=1e-16, maximum=1.0)

    def update(self, p: UpdatePlace) -> None:
        v, g, step = p.memory["v"], p.gradient, p.passing()
        moments.square(p, "v", self.beta, step)
        p.line("√v", "step", np.sqrt, v, step)
        p.line("√v + ε", "step", np.add, step, p.plan.constant(self.epsilon), step)
        p.line("g / (√v + ε)", "step", np.divide, g, step, step)
        p.line("α g / (√v + ε)", "step", np.multiply, step, p.rate(self.learning_rate), step)
        p.line("θ := θ − α g / (√v + ε)", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        v, new = w.memory["v"]
        below = Sum((Function("√", new), Number(self.epsilon)))
        step = Product((*w.alpha(self.learning_rate), Quotient(w.gradient, below)))
        square = moments.fading_square(v, self.beta, w.gradient)
        return ((new, square), (w.after, minus(w.before, step)))
