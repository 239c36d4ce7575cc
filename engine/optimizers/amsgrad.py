"""AMSGrad."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Number,
    Power,
    Product,
    Quotient,
    Ref,
    Sum,
    minus,
)
from engine.core.knobs import knob
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("amsgrad")
@dataclass(frozen=True)
class AMSGrad(Optimizer):
    """Adam whose divisor never gets smaller (Reddi, Kale and Kumar, 2018).

    ``m := β₁ m + (1 − β₁) g``, ``v := β₂ v + (1 − β₂) g²``, ``vmax := max(vmax, v)``,
    ``θ := θ − α · m/(1 − β₁ᵗ) / (√(vmax/(1 − β₂ᵗ)) + ε)``. As PyTorch's ``Adam(amsgrad=True)`` it
    corrects the two means for their start, which the paper does not.
    """

    title = "AMSGrad"
    summary = "Adam that never forgets the largest gradient: its steps do not grow again."
    memories = ("m", "v", "vmax")
    rank = 50
    words = {
        "m": ("m := β₁ m + (1 − β₁) ∂J/∂w", "m = beta1 * m + (1 - beta1) * dW"),
        "v": ("v := β₂ v + (1 − β₂) (∂J/∂w)²", "v = beta2 * v + (1 - beta2) * dW**2"),
        "vmax": ("vmax := max(vmax, v)", "vmax = maximum(vmax, v)"),
        "w": (
            "w := w − α m/(1 − β₁ᵗ) / (√(vmax/(1 − β₂ᵗ)) + ε)",
            "W -= alpha * m / (1 - beta1**t) / (sqrt(vmax / (1 - beta2**t)) + epsilon)",
        ),
    }

    learning_rate: float = knob(0.01, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta1: float = knob(0.9, "Mean's memory", symbol="β₁", minimum=0.0, maximum=0.999999)
    beta2: float = knob(0.999, "Square's memory", symbol="β₂", minimum=0.0, maximum=0.999999)
    epsilon: float = knob(1e-8, "Smallest divisor", symbol="ε", minimum=1e-16, maximum=1.0)

    def update(self, p: UpdatePlace) -> None:
        m, v, vmax, g = p.memory["m"], p.memory["v"], p.memory["vmax"], p.gradient
        step = np.zeros_like(p.theta)
        beta1, rest1 = p.plan.constant(self.beta1), p.plan.constant(1.0 - self.beta1)
        beta2, rest2 = p.plan.constant(self.beta2), p.plan.constant(1.0 - self.beta2)
        scale, epsilon = p.plan.constant(0.0), p.plan.constant(0.0)

        def corrections() -> None:
            t = float(p.t)
            bias1, bias2 = 1.0 - self.beta1**t, np.sqrt(1.0 - self.beta2**t)
            scale[()] = self.learning_rate * bias2 / bias1
            epsilon[()] = self.epsilon * bias2

        p.line("1 − β₁ᵗ, 1 − β₂ᵗ", "step", corrections)
        p.line("(1 − β₁) g", "step", np.multiply, g, rest1, step)
        p.line("β₁ m", "m", np.multiply, m, beta1, m)
        p.line("m := β₁ m + (1 − β₁) g", "m", np.add, m, step, m)
        p.line("g²", "step", np.multiply, g, g, step)
        p.line("(1 − β₂) g²", "step", np.multiply, step, rest2, step)
        p.line("β₂ v", "v", np.multiply, v, beta2, v)
        p.line("v := β₂ v + (1 − β₂) g²", "v", np.add, v, step, v)
        p.line("vmax := max(vmax, v)", "vmax", partial(np.maximum, vmax, v, out=vmax))
        p.line("√vmax", "step", np.sqrt, vmax, step)
        p.line("√vmax + ε", "step", np.add, step, epsilon, step)
        p.line("m / (√vmax + ε)", "step", np.divide, m, step, step)
        p.line("α m / (√vmax + ε)", "step", np.multiply, step, scale, step)
        p.line("θ := θ − α m̂ / (√v̂max + ε)", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        (m, new_m), (v, new_v), (top, new_top) = w.memory["m"], w.memory["v"], w.memory["vmax"]
        g = w.gradient
        mean = Sum((Product((Number(self.beta1), m)), Product((Number(1.0 - self.beta1), g))))
        square = Sum((Product((Number(self.beta2), v)), Product((Number(1.0 - self.beta2), Power(g, 2)))))
        m_hat = Quotient(new_m, minus(Number(1.0), Power(Number(self.beta1), w.t)))
        top_hat = Quotient(new_top, minus(Number(1.0), Power(Number(self.beta2), w.t)))
        below = Sum((Function("√", top_hat), Number(self.epsilon)))
        step = Product((Number(self.learning_rate), Quotient(m_hat, below)))
        return (
            (new_m, mean),
            (new_v, square),
            (new_top, Maximum((top, new_v))),
            (w.after, minus(w.before, step)),
        )
