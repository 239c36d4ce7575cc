"""Adamax."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Number,
    Product,
    Quotient,
    Ref,
    Sum,
    minus,
)
from engine.core.knobs import knob
from engine.optimizers import moments
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("adamax")
@dataclass(frozen=True)
class Adamax(Optimizer):
    """Adam with the largest slope instead of the root of the squares (Kingma and Ba, 2015, section 7.1).

    ``m := β₁ m + (1 − β₁) g``, ``u := max(β₂ (u + ε) − ε, |g|)``, ``θ := θ − α m/(1 − β₁ᵗ) / (u + ε)``.
    This is PyTorch's Adamax, which keeps ``u + ε = max(β₂ (u + ε), |g| + ε)``; here the memory of a
    weight that never had a slope is 0. The paper has no ε.
    """

    title = "Adamax"
    summary = "Adam that divides by the largest gradient of late instead of the usual one."
    memories = ("m", "u")
    rank = 60
    words = {
        "m": ("m := β₁ m + (1 − β₁) ∂J/∂w", "m = beta1 * m + (1 - beta1) * dW"),
        "u": (
            "u := max(β₂ (u + ε) − ε, |∂J/∂w|)",
            "u = maximum(beta2 * (u + epsilon) - epsilon, abs(dW))",
        ),
        "w": ("w := w − α m/(1 − β₁ᵗ) / (u + ε)", "W -= alpha * m / (1 - beta1**t) / (u + epsilon)"),
    }

    learning_rate: float = knob(0.002, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta1: float = knob(0.9, "Mean's memory", symbol="β₁", minimum=0.0, maximum=0.999999)
    beta2: float = knob(0.999, "Maximum's memory", symbol="β₂", minimum=0.0, maximum=0.999999)
    epsilon: float = knob(1e-8, "Smallest divisor", symbol="ε", minimum=1e-16, maximum=1.0)

    def update(self, p: UpdatePlace) -> None:
        m, u, g, step = p.memory["m"], p.memory["u"], p.gradient, p.passing()
        scale = p.plan.constant(0.0)

        def correction() -> None:
            scale[()] = self.learning_rate * float(p.factor) / (1.0 - self.beta1 ** float(p.t))

        p.line("α / (1 − β₁ᵗ)", "step", correction)
        moments.mean(p, "m", self.beta1, step, "β₁")
        p.line("β₂ u", "u", np.multiply, u, p.plan.constant(self.beta2), u)
        lost = p.plan.constant((1.0 - self.beta2) * self.epsilon)
        p.line("β₂ (u + ε) − ε", "u", np.subtract, u, lost, u)
        p.line("|g|", "step", np.absolute, g, step)
        p.line("u := max(β₂ (u + ε) − ε, |g|)", "u", partial(np.maximum, u, step, out=u))
        p.line("u + ε", "step", np.add, u, p.plan.constant(self.epsilon), step)
        p.line("m / (u + ε)", "step", np.divide, m, step, step)
        p.line("α m̂ / (u + ε)", "step", np.multiply, step, scale, step)
        p.line("θ := θ − α m̂ / (u + ε)", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        (m, new_m), (u, new_u) = w.memory["m"], w.memory["u"]
        epsilon = Number(self.epsilon)
        faded = minus(Product((Number(self.beta2), Sum((u, epsilon)))), epsilon)
        largest = Maximum((faded, Function("abs", w.gradient)))
        m_hat = moments.corrected(new_m, self.beta1, w.t)
        step = Product((*w.alpha(self.learning_rate), Quotient(m_hat, Sum((new_u, epsilon)))))
        mean = moments.fading(m, self.beta1, w.gradient)
        return ((new_m, mean), (new_u, largest), (w.after, minus(w.before, step)))
