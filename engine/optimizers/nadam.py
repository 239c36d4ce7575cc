"""NAdam."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.core.expressions import Expression, Number, Power, Product, Quotient, Ref, Sum, minus
from engine.core.knobs import knob
from engine.optimizers.adam import Adam
from engine.optimizers.base import UpdatePlace, Weight, optimizers


@optimizers.add("nadam")
@dataclass(frozen=True)
class NAdam(Adam):
    """Adam with Nesterov's look ahead (Dozat, 2016).

    ``m := β₁ m + (1 − β₁) g``, ``v := β₂ v + (1 − β₂) g²``, and with ``μ_t = β₁ (1 − ½ · 0.96^(tψ))``
    and ``M_t = μ_1 μ_2 … μ_t``:
    ``θ := θ − α ((1 − μ_t)/(1 − M_t) g + μ_(t+1)/(1 − M_(t+1)) m) / (√(v/(1 − β₂ᵗ)) + ε)``.
    This is PyTorch's NAdam, whose ``momentum_decay`` is ψ. M is no memory: t gives it.
    """

    title = "NAdam"
    summary = "Adam with Nesterov momentum: its step counts on the mean that is still to come."
    rank = 70
    words = {
        **Adam.words,
        "w": (
            "w := w − α ((1 − μₜ)/(1 − Mₜ) ∂J/∂w + μₜ₊₁/(1 − Mₜ₊₁) m) / (√(v/(1 − β₂ᵗ)) + ε)",
            "W -= alpha * ((1 - mu(t)) / (1 - M(t)) * dW + mu(t + 1) / (1 - M(t + 1)) * m)"
            " / (sqrt(v / (1 - beta2**t)) + epsilon)",
        ),
    }

    learning_rate: float = knob(0.002, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
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
        step, other = p.passing(), p.passing()
        share_g, share_m, epsilon = (p.plan.constant(0.0) for _ in range(3))
        reached, product = 0, 1.0

        def corrections() -> None:
            nonlocal reached, product
            t = int(p.t)
            if t != reached:
                product = self._product(t, reached, product) if t > reached else self._product(t)
                reached = t
            now, soon = self._momentum(t), self._momentum(t + 1)
            alpha, bias2 = self.learning_rate * float(p.factor), math.sqrt(1.0 - self.beta2**t)
            share_g[()] = alpha * bias2 * (1.0 - now) / (1.0 - product)
            share_m[()] = alpha * bias2 * soon / (1.0 - product * soon)
            epsilon[()] = self.epsilon * bias2

        p.line("μₜ, μₜ₊₁, 1 − Mₜ, 1 − Mₜ₊₁, 1 − β₂ᵗ", "step", corrections)
        self.remember(p, step)
        p.line("α (1 − μₜ)/(1 − Mₜ) g", "step", np.multiply, g, share_g, step)
        p.line("α μₜ₊₁/(1 − Mₜ₊₁) m", "step", np.multiply, m, share_m, other)
        p.line("α (g + m)", "step", np.add, step, other, step)
        p.line("√v", "step", np.sqrt, v, other)
        p.line("√v + ε", "step", np.add, other, epsilon, other)
        p.line("α (g + m) / (√v + ε)", "step", np.divide, step, other, step)
        p.line("θ := θ − α (ĝ + m̂) / (√v̂ + ε)", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        (_, new_m), g, t, one = w.memory["m"], w.gradient, w.t, Number(1.0)
        of_g = Quotient(minus(one, self._mu(t)), minus(one, self._all_mu(t)))
        of_m = Quotient(self._mu(t + 1), minus(one, self._all_mu(t + 1)))
        above = Sum((Product((of_g, g)), Product((of_m, new_m))))
        step = Product((*w.alpha(self.learning_rate), Quotient(above, self.below(w))))
        return (*self.remembered(w), (w.after, minus(w.before, step)))

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
