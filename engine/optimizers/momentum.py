"""Gradient descent with momentum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Sum, minus
from engine.core.knobs import knob
from engine.optimizers import moments
from engine.optimizers.base import Optimizer, UpdatePlace, Weight, optimizers


@optimizers.add("momentum")
@dataclass(frozen=True)
class Momentum(Optimizer):
    """``θ := θ − α v`` with one of two memories (Polyak, 1964).

    ``sum``: ``v := β v + ∂J/∂θ``, as PyTorch's SGD has it (dampening 0).
    ``average``: ``v := β v + (1 − β) ∂J/∂θ``, as in Andrew Ng's course. Its walk is that of ``sum``
    with the learning rate (1 − β) α.
    """

    title = "Momentum"
    summary = "Gradient descent with a memory: steps in the same direction add up."
    memories = ("v",)
    rank = 20

    learning_rate: float = knob(0.1, "Learning rate", symbol="α", minimum=0.0, maximum=1000.0)
    beta: float = knob(0.9, "Momentum", symbol="β", minimum=0.0, maximum=1.0)
    convention: str = knob(
        "sum",
        "Convention",
        choices=("sum", "average"),
        help="sum: v := β v + ∂J/∂w. average: v := β v + (1 − β) ∂J/∂w, with steps 1 − β times as long.",
    )

    @property
    def words(self) -> Mapping[str, tuple[str, str]]:  # type: ignore[override]
        """The words of the chosen convention."""
        average = self.convention == "average"
        return {
            "v": ("v := β v + (1 − β) ∂J/∂w", "v = beta * v + (1 - beta) * dW")
            if average
            else ("v := β v + ∂J/∂w", "v = beta * v + dW"),
            "w": ("w := w − α v", "W -= alpha * v"),
        }

    def update(self, p: UpdatePlace) -> None:
        v, step = p.memory["v"], p.passing()
        if self.convention == "average":
            moments.mean(p, "v", self.beta, step)
        else:
            p.line("β v", "v", np.multiply, v, p.plan.constant(self.beta), v)
            p.line("v := β v + ∂J/∂θ", "v", np.add, v, p.gradient, v)
        p.line("α v", "step", np.multiply, v, p.rate(self.learning_rate), step)
        p.line("θ := θ − α v", "theta", np.subtract, p.theta, step, p.theta)

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        v, new = w.memory["v"]
        if self.convention == "average":
            ball = moments.fading(v, self.beta, w.gradient)
        else:
            ball = Sum((Product((Number(self.beta), v)), w.gradient))
        return ((new, ball), (w.after, minus(w.before, Product((*w.alpha(self.learning_rate), new)))))
