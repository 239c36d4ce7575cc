"""Adam."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.core.expressions import Expression, Function, Number, Product, Quotient, Ref, Sum, minus
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.optimizers import moments
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("adam")
@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015).

    ``m := β₁ m + (1 − β₁) g``, ``v := β₂ v + (1 − β₂) g²``,
    ``θ := θ − α · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)`` with t counted from 1.

    Its kin inherit from it and say only what differs.
    """

    title = "Adam"
    summary = "Gives every weight a step size of its own, from the history of its gradient."
    memories: ClassVar[tuple[str, ...]] = ("m", "v")
    under: ClassVar[str] = "v"
    """The vector of the memory whose root the step is divided by."""
    rank = 30
    words = {
        "m": ("m := β₁ m + (1 − β₁) ∂J/∂w", "m = beta1 * m + (1 - beta1) * dW"),
        "v": ("v := β₂ v + (1 − β₂) (∂J/∂w)²", "v = beta2 * v + (1 - beta2) * dW**2"),
        "w": (
            "w := w − α m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)",
            "W -= alpha * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + epsilon)",
        ),
    }

    learning_rate: float = knob(0.01, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta1: float = knob(0.9, "Mean's memory", symbol="β₁", minimum=0.0, maximum=0.999999)
    beta2: float = knob(0.999, "Square's memory", symbol="β₂", minimum=0.0, maximum=0.999999)
    epsilon: float = knob(1e-8, "Smallest divisor", symbol="ε", minimum=1e-16, maximum=1.0)

    def update(self, p: UpdatePlace) -> None:
        m, v, step = p.memory["m"], p.memory[self.under], p.passing()
        scale, epsilon = p.plan.constant(0.0), p.plan.constant(0.0)
        name, hat = self.under, self.under.replace("v", "v̂")

        def corrections() -> None:
            t = float(p.t)
            bias1, bias2 = 1.0 - self.beta1**t, math.sqrt(1.0 - self.beta2**t)
            scale[()] = self.learning_rate * float(p.factor) * bias2 / bias1
            epsilon[()] = self.epsilon * bias2

        p.line("1 − β₁ᵗ, 1 − β₂ᵗ", "step", corrections)
        self.remember(p, step)
        p.line(f"√{name}", "step", np.sqrt, v, step)
        p.line(f"√{name} + ε", "step", np.add, step, epsilon, step)
        p.line(f"m / (√{name} + ε)", "step", np.divide, m, step, step)
        p.line(f"α m / (√{name} + ε)", "step", np.multiply, step, scale, step)
        p.line(f"θ := θ − α m̂ / (√{hat} + ε)", "theta", np.subtract, p.theta, step, p.theta)

    def remember(self, p: UpdatePlace, step: Array) -> None:
        """Lines for the memory; ``step`` is written over."""
        moments.mean(p, "m", self.beta1, step, "β₁")
        moments.square(p, "v", self.beta2, step, "β₂")

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        above = moments.corrected(w.memory["m"][1], self.beta1, w.t)
        step = Product((*w.alpha(self.learning_rate), Quotient(above, self.below(w))))
        return (*self.remembered(w), (w.after, minus(w.before, step)))

    def remembered(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        """What is calculated for the memory of one parameter."""
        (m, new_m), (v, new_v) = w.memory["m"], w.memory["v"]
        return (
            (new_m, moments.fading(m, self.beta1, w.gradient)),
            (new_v, moments.fading_square(v, self.beta2, w.gradient)),
        )

    def below(self, w: Weight) -> Expression:
        """What the step of one parameter is divided by: ``√(v/(1 − β₂ᵗ)) + ε``."""
        v_hat = moments.corrected(w.memory[self.under][1], self.beta2, w.t)
        return Sum((Function("√", v_hat), Number(self.epsilon)))
