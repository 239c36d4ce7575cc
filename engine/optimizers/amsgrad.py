"""AMSGrad."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.core.expressions import Expression, Maximum, Ref
from engine.core.plan import Array
from engine.optimizers.adam import Adam
from engine.optimizers.base import UpdatePlace, Weight, optimizers


@optimizers.add("amsgrad")
@dataclass(frozen=True)
class AMSGrad(Adam):
    """Adam whose divisor never gets smaller (Reddi, Kale and Kumar, 2018).

    ``m := β₁ m + (1 − β₁) g``, ``v := β₂ v + (1 − β₂) g²``, ``vmax := max(vmax, v)``,
    ``θ := θ − α · m/(1 − β₁ᵗ) / (√(vmax/(1 − β₂ᵗ)) + ε)``. As PyTorch's ``Adam(amsgrad=True)`` it
    corrects the two means for their start, which the paper does not.
    """

    title = "AMSGrad"
    summary = "Adam that never forgets the largest gradient: its steps do not grow again."
    memories = ("m", "v", "vmax")
    under = "vmax"
    rank = 50
    words = {
        **Adam.words,
        "vmax": ("vmax := max(vmax, v)", "vmax = maximum(vmax, v)"),
        "w": (
            "w := w − α m/(1 − β₁ᵗ) / (√(vmax/(1 − β₂ᵗ)) + ε)",
            "W -= alpha * m / (1 - beta1**t) / (sqrt(vmax / (1 - beta2**t)) + epsilon)",
        ),
    }

    def remember(self, p: UpdatePlace, step: Array) -> None:
        super().remember(p, step)
        v, vmax = p.memory["v"], p.memory["vmax"]
        p.line("vmax := max(vmax, v)", "vmax", partial(np.maximum, vmax, v, out=vmax))

    def remembered(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        (_, new_v), (top, new_top) = w.memory["v"], w.memory["vmax"]
        return (*super().remembered(w), (new_top, Maximum((top, new_v))))
