"""Adadelta."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Number, Power, Product, Quotient, Ref, Sum, minus
from engine.core.knobs import knob
from engine.optimizers import moments
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("adadelta")
@dataclass(frozen=True)
class Adadelta(Optimizer):
    """Adadelta (Zeiler, 2012): steps in the unit of the weights.

    ``v := β v + (1 − β) g²``, ``Δ = √(u + ε) / √(v + ε) · g`` with the u of before,
    ``u := β u + (1 − β) Δ²``, ``θ := θ − α Δ``. PyTorch's Adadelta, whose ``rho`` is β here; in the
    paper α is 1.
    """

    title = "Adadelta"
    summary = "Measures every step by the steps before it, so that it needs no learning rate."
    memories = ("v", "u")
    rank = 28
    words = {
        "v": ("v := β v + (1 − β) (∂J/∂w)²", "v = beta * v + (1 - beta) * dW**2"),
        "u": (
            "u := β u + (1 − β) (u + ε)/(v + ε) (∂J/∂w)²",
            "delta = sqrt((u + epsilon) / (v + epsilon)) * dW; u = beta * u + (1 - beta) * delta**2",
        ),
        "w": ("w := w − α √((u + ε)/(v + ε)) ∂J/∂w, with the u of before", "W -= alpha * delta"),
    }

    learning_rate: float = knob(1.0, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta: float = knob(0.9, "Squares' memory", symbol="β", minimum=0.0, maximum=0.999999)
    epsilon: float = knob(1e-6, "Smallest divisor", symbol="ε", minimum=1e-16, maximum=1.0)

    def update(self, p: UpdatePlace) -> None:
        v, u, g = p.memory["v"], p.memory["u"], p.gradient
        step, other = p.passing(), p.passing()
        beta, rest = p.plan.constant(self.beta), p.plan.constant(1.0 - self.beta)
        epsilon = p.plan.constant(self.epsilon)
        moments.square(p, "v", self.beta, step)
        p.line("v + ε", "step", np.add, v, epsilon, other)
        p.line("u + ε", "step", np.add, u, epsilon, step)
        p.line("(u + ε) / (v + ε)", "step", np.divide, step, other, step)
        p.line("√((u + ε) / (v + ε))", "step", np.sqrt, step, step)
        p.line("Δ = √((u + ε) / (v + ε)) g", "step", np.multiply, step, g, step)
        p.line("Δ²", "step", np.multiply, step, step, other)
        p.line("(1 − β) Δ²", "step", np.multiply, other, rest, other)
        p.line("β u", "u", np.multiply, u, beta, u)
        p.line("u := β u + (1 − β) Δ²", "u", np.add, u, other, u)
        p.line("α Δ", "step", np.multiply, step, p.rate(self.learning_rate), step)
        p.line("θ := θ − α Δ", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        (v, new_v), (u, new_u) = w.memory["v"], w.memory["u"]
        beta, rest, epsilon = Number(self.beta), Number(1.0 - self.beta), Number(self.epsilon)
        ratio = Quotient(Sum((u, epsilon)), Sum((new_v, epsilon)))
        step = Product((*w.alpha(self.learning_rate), Function("√", ratio), w.gradient))
        return (
            (new_v, moments.fading_square(v, self.beta, w.gradient)),
            (new_u, Sum((Product((beta, u)), Product((rest, ratio, Power(w.gradient, 2)))))),
            (w.after, minus(w.before, step)),
        )
