"""Adam with decoupled weight decay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Negative, Number, Product, Ref, Sum
from engine.core.knobs import knob
from engine.optimizers.adam import Adam
from engine.optimizers.base import UpdatePlace, Weight, optimizers


@optimizers.add("adamw")
@dataclass(frozen=True)
class AdamW(Adam):
    """``θ := θ − α λ θ − α · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)`` (Loshchilov and Hutter, 2019).

    The decay stands beside Adam's step instead of within the gradient: it is not divided by √v, and
    m and v know nothing of it. As in PyTorch it is multiplied by α (with a schedule by α s) and takes
    all parameters, the biases too. What is locked does not decay: a step made of the gradient is 0
    there, but a decay would not be.
    """

    title = "AdamW"
    summary = "Adam that also shrinks every weight and bias a little at each update."
    rank = 40
    words = {
        **Adam.words,
        "w": (
            "w := w − α λ w − α m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)",
            "W -= alpha * decay * W + alpha * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + epsilon)",
        ),
    }

    learning_rate: float = knob(0.001, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    decay: float = knob(0.01, "Weight decay", symbol="λ", minimum=0.0, maximum=1000.0)

    def update(self, p: UpdatePlace) -> None:
        free = p.free
        kept = p.plan.constant(1.0) if free is None else np.ones_like(p.theta)

        def follow(s: float) -> None:
            lost = self.learning_rate * s * self.decay
            if free is None:
                kept[()] = 1.0 - lost
            else:
                np.multiply(free, lost, kept)
                np.subtract(1.0, kept, kept)

        p.paced(follow)
        p.line("θ := (1 − α λ) θ", "theta", np.multiply, p.theta, kept, p.theta)
        super().update(p)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        *memory, (after, moved) = super().cells(w)
        assert isinstance(moved, Sum)
        before, step = moved.terms
        lost = Product((*w.alpha(self.learning_rate), Number(self.decay), w.before))
        return (*memory, (after, Sum((before, Negative(lost), step))))
