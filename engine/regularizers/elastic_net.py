"""The elastic net."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.expressions import Expression, Function, Number, Product, Ref, Sum, minus
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.optimizers.base import UpdatePlace
from engine.regularizers.base import Regularizer, regularizers
from engine.regularizers.l1 import L1
from engine.regularizers.l2 import L2


@regularizers.add("elastic_net")
@dataclass(frozen=True)
class ElasticNet(Regularizer):
    """``R = λ ρ Σ |w| + λ (1 − ρ)/2 Σ w²``: L1 and L2 together.

    scikit-learn's definition, where λ is called ``alpha`` and ρ ``l1_ratio``. Source: Zou and Hastie,
    *Regularization and variable selection via the elastic net*, 2005.
    """

    title = "Elastic net"
    summary = "A mixture of L1 and L2: few weights are left, and none is large."
    words = (
        "∂J/∂w + λ ρ sign(w) + λ (1 − ρ) w",
        "dW += strength * (share * sign(W) + (1 - share) * W)",
    )
    rank = 40

    strength: float = knob(0.001, "Strength", symbol="λ", minimum=0.0, maximum=1000.0)
    share: float = knob(
        0.5, "Share of L1", symbol="ρ", minimum=0.0, maximum=1.0, help="1 is L1 alone, 0 is L2 alone."
    )
    biases: bool = knob(False, "Biases too", help="Whether the biases are penalised as the weights are.")

    def penalty(self, theta: Array, mask: Array | None = None, m: int = 1) -> float:
        return sum(each.penalty(theta, mask, m) for each in self._parts)

    def gradient(self, theta: Array, m: int = 1) -> Array:
        one, two = self._parts
        return one.gradient(theta, m) + two.gradient(theta, m)

    def lines(self, p: UpdatePlace, weights: Array | None = None) -> None:
        for each in self._parts:
            each.lines(p, weights)

    def cell(self, w: Ref, m: int = 1) -> Expression:
        strength, share = Number(self.strength), Number(self.share)
        pull = Product((strength, share, Function("sign", w)))
        return Sum((pull, Product((strength, minus(Number(1.0), share), w))))

    @property
    def _parts(self) -> tuple[L1, L2]:
        return L1(self.strength * self.share), L2(self.strength * (1.0 - self.share), "λ/2")
