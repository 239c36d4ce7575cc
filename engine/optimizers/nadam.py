"""NAdam."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.core.expressions import Expression, Function, Number, Power, Product, Quotient, Ref, Sum, minus
from engine.core.knobs import knob
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("nadam")
@dataclass(frozen=True)
class NAdam(Optimizer):
    """Adam with Nesterov's look ahead (Dozat, 2016).

    ``m := β₁ m + (1 − β₁) g``, ``v := β₂ v + (1 − β₂) g²``, and with ``μ_t = β₁ (1 − ½ · 0.96^(tψ))``
    and ``M_t = μ_1 μ_2 … μ_t``:
    ``θ := θ − α ((1 − μ_t)/(1 − M_t) g + μ_(t+1)/(1 − M_(t+1)) m) / (√(v/(1 − β₂ᵗ)) + ε)``.
    This is PyTorch's NAdam, whose ``momentum_decay`` is ψ. M is no memory: t gives it.
    """

    title = "NAdam"
    summary = "Adam with Nesterov momentum: its step counts on the mean that is still to come."
    memories = ("m", "v")
    rank = 70
    words = {
        "m": ("m := β₁ m + (1 − β₁) ∂J/∂w", "m = beta1 * m + (1 - beta1) * dW"),
        "v": ("v := β₂ v + (1 − β₂) (∂J/∂w)²", "v = beta2 * v + (1 - beta2) * dW**2"),
        "w": (
            "w := w − α ((1 − μₜ)/(1 − Mₜ) ∂J/∂w + μₜ₊₁/(1 − Mₜ₊₁) m) / (√(v/(1 − β₂ᵗ)) + ε)",
            "W -= alpha * ((1 - mu(t)) / (1 - M(t)) * dW + mu(t + 1) / (1 - M(t + 1)) * m)"
            " / (sqrt(v / (1 - beta2**t)) + epsilon)",
        ),
    }

    learning_rate: float = knob(0.002, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta1: float = knob(0.9, "Mean's memory", symbol="β₁", minimum=0.0, maximum=0.999999)
    beta2: float = knob(0.999, "Square's memory", symbol="β₂", minimum=0.0, maximum=0.999999)
    epsilon: float = knob(1e-8, "Smallest divisor", symbol="ε", minimum=1e-16, maximum=1.0)
    warming: float = knob(
        0.004,
        "Momentum's warming",
        symbol="ψ",
        minimum=0.0,
        maximum=1.0,
        help="How fast the momentum grows from about β₁/2 to β₁: μ = β₁ (1 − ½ · 0.96^(tψ)).",
    )

    def update(self, p: UpdatePlace) -> None:
        m, v, g = p.memory["m"], p.memory["v"], p.gradient
        step, other = np.zeros_like(p.theta), np.zeros_like(p.theta)
        beta1, rest1 = p.plan.constant(self.beta1), p.plan.constant(1.0 - self.beta1)
        beta2, rest2 = p.plan.constant(self.beta2), p.plan.constant(1.0 - self.beta2)
        share_g, share_m, epsilon = (p.plan.constant(0.0) for _ in range(3))
        reached, product = 0, 1.0

        def corrections() -> None:
            nonlocal reached, product
            t = int(p.t)
            if t != reached:
                product = self._product(t, reached, product) if t > reached else self._product(t)
                reached = t
            now, soon = self._momentum(t), self._momentum(t + 1)
            bias2 = np.sqrt(1.0 - self.beta2**t)
            share_g[()] = self.learning_rate * bias2 * (1.0 - now) / (1.0 - product)
            share_m[()] = self.learning_rate * bias2 * soon / (1.0 - product * soon)
            epsilon[()] = self.epsilon * bias2

        p.line("μₜ, μₜ₊₁, 1 − Mₜ, 1 − Mₜ₊₁, 1 − β₂ᵗ", "step", corrections)
        p.line("(1 − β₁) g", "step", np.multiply, g, rest1, step)
        p.line("β₁ m", "m", np.multiply, m, beta1, m)
        p.line("m := β₁ m + (1 − β₁) g", "m", np.add, m, step, m)
        p.line("g²", "step", np.multiply, g, g, step)
        p.line("(1 − β₂) g²", "step", np.multiply, step, rest2, step)
        p.line("β₂ v", "v", np.multiply, v, beta2, v)
        p.line("v := β₂ v + (1 − β₂) g²", "v", np.add, v, step, v)
        p.line("α (1 − μₜ)/(1 − Mₜ) g", "step", np.multiply, g, share_g, step)
        p.line("α μₜ₊₁/(1 − Mₜ₊₁) m", "step", np.multiply, m, share_m, other)
        p.line("α (g + m)", "step", np.add, step, other, step)
        p.line("√v", "step", np.sqrt, v, other)
        p.line("√v + ε", "step", np.add, other, epsilon, other)
        p.line("α (g + m) / (√v + ε)", "step", np.divide, step, other, step)
        p.line("θ := θ − α (ĝ + m̂) / (√v̂ + ε)", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        (m, new_m), (v, new_v) = w.memory["m"], w.memory["v"]
        g, t, one = w.gradient, w.t, Number(1.0)
        mean = Sum((Product((Number(self.beta1), m)), Product((Number(1.0 - self.beta1), g))))
        square = Sum((Product((Number(self.beta2), v)), Product((Number(1.0 - self.beta2), Power(g, 2)))))
        of_g = Quotient(minus(one, self._mu(t)), minus(one, self._all_mu(t)))
        of_m = Quotient(self._mu(t + 1), minus(one, self._all_mu(t + 1)))
        v_hat = Quotient(new_v, minus(one, Power(Number(self.beta2), t)))
        below = Sum((Function("√", v_hat), Number(self.epsilon)))
        above = Sum((Product((of_g, g)), Product((of_m, new_m))))
        step = Product((Number(self.learning_rate), Quotient(above, below)))
        return ((new_m, mean), (new_v, square), (w.after, minus(w.before, step)))

    def _momentum(self, t: int) -> float:
        """``μ_t``."""
        return self.beta1 * (1.0 - 0.5 * math.pow(0.96, t * self.warming))

    def _product(self, t: int, reached: int = 0, product: float = 1.0) -> float:
        """``M_t``, multiplied from the left, from where it has been reached: the same bits either way."""
        for each in range(reached + 1, t + 1):
            if product == 0.0:
                break
            product *= self._momentum(each)
        return product

    def _mu(self, t: int) -> Expression:
        growth = Product((Number(0.5), Power(Number(0.96), t * self.warming)))
        return Product((Number(self.beta1), minus(Number(1.0), growth)))

    def _all_mu(self, t: int) -> Expression:
        return Number(_product(self, t))


@lru_cache(maxsize=16)
def _product(kind: NAdam, t: int) -> float:
    """``M_t``, calculated once for all weights of an update."""
    return kind._product(t)
