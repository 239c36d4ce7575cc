"""The L2 penalty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Quotient, Ref
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.optimizers.base import UpdatePlace
from engine.regularizers.base import Regularizer, among, amount, regularizers


@regularizers.add("l2")
@dataclass(frozen=True)
class L2(Regularizer):
    """``R = k Σ w²``, ``∂R/∂w = 2 k w``, with one of three k.

    ``λ/2m``: as in Andrew Ng's course, where m is the number of examples that J averages over. The
    course trains on all examples at once; with batches m is the size of the batch.
    ``λ/2``: the derivative is λ w, as PyTorch's ``weight_decay`` adds it. ``λ``: as in Keras.
    Source: Hoerl and Kennard, *Ridge regression*, 1970.
    """

    title = "L2 (ridge)"
    summary = "Large weights cost their square, so all shrink in proportion to their size."
    rank = 20

    strength: float = knob(0.01, "Strength", symbol="λ", minimum=0.0, maximum=1000.0)
    convention: str = knob(
        "λ/2",
        "Convention",
        choices=("λ/2m", "λ/2", "λ"),
        help="What stands before Σ w². m is the number of examples that J averages over.",
    )
    biases: bool = knob(False, "Biases too", help="Whether the biases are penalised as the weights are.")

    @property
    def words(self) -> tuple[str, str]:  # type: ignore[override]
        """The words of the chosen convention."""
        code = {"λ/2m": "strength / m", "λ/2": "strength", "λ": "2 * strength"}[self.convention]
        return f"∂J/∂w + {self._letters} w", f"dW += {code} * W"

    def penalty(self, theta: Array, mask: Array | None = None, m: int = 1) -> float:
        return self._slope(m) / 2.0 * float(np.sum(among(theta, mask) ** 2))

    def gradient(self, theta: Array, m: int = 1) -> Array:
        return self._slope(m) * theta

    def lines(self, p: UpdatePlace, weights: Array | None = None) -> None:
        g, step = p.gradient, p.passing()
        share = amount(p, weights, self._slope(p.plan.examples))
        p.line(f"{self._letters} θ", "step", np.multiply, p.theta, share, step)
        p.line(f"∂J/∂θ + {self._letters} θ", "gradient", np.add, g, step, g)

    def cell(self, w: Ref, m: int = 1) -> Expression:
        strength = Number(self.strength)
        match self.convention:
            case "λ/2m":
                return Product((Quotient(strength, Number(m)), w))
            case "λ/2":
                return Product((strength, w))
            case _:
                return Product((Number(2.0), strength, w))

    @property
    def _letters(self) -> str:
        """2 k in letters."""
        return {"λ/2m": "λ/m", "λ/2": "λ", "λ": "2 λ"}[self.convention]

    def _slope(self, m: int) -> float:
        """2 k."""
        return {"λ/2m": self.strength / m, "λ/2": self.strength, "λ": 2.0 * self.strength}[self.convention]
