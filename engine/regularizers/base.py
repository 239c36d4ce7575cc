"""What a regularizer is."""

from __future__ import annotations

from typing import ClassVar

from engine.core.expressions import Expression, Ref
from engine.core.plan import Array
from engine.core.registry import Kind, Registry
from engine.optimizers.base import UpdatePlace


class Regularizer(Kind):
    """``R(θ)``, which is added to J.

    A kind with a penalty has a knob ``biases``: whether the biases are penalised as the weights are.
    What is penalised is given as a flat vector of 1 and 0; ``None`` means all. ``m`` is the number
    of examples that J averages over: in the plan those of the batch. Only ``λ/2m`` looks at it.
    """

    words: ClassVar[tuple[str, str]] = ("", "")
    """The gradient with the penalty's share, as equation and as code; empty for what does nothing."""
    rank: ClassVar[int] = 100

    def penalty(self, theta: Array, mask: Array | None = None, m: int = 1) -> float:
        """``R`` of the parameters whose mask is 1."""
        raise TypeError(f"{type(self).__name__} gives no penalty")

    def gradient(self, theta: Array, m: int = 1) -> Array:
        """``∂R/∂θ`` for every parameter, as if all were penalised."""
        raise TypeError(f"{type(self).__name__} gives no gradient")

    def lines(self, p: UpdatePlace, weights: Array | None = None) -> None:
        """Lines of the update phase that add ``∂R/∂θ`` to ``p.gradient``, after its 1/m.

        What is locked gets none.
        """
        raise TypeError(f"{type(self).__name__} enters nothing")

    def cell(self, w: Ref, m: int = 1) -> Expression:
        """How ``∂R/∂w`` of one penalised parameter comes about."""
        raise TypeError(f"{type(self).__name__} explains nothing")


def amount(p: UpdatePlace, weights: Array | None, value: float) -> Array:
    """``value`` for what is penalised and free, 0 for the rest; a 0-d array if that is all."""
    chosen = [each for each in (weights, p.free) if each is not None]
    made = p.plan.constant(value)
    for each in chosen:
        made = made * each.astype(p.theta.dtype)
    return made


def among(theta: Array, mask: Array | None) -> Array:
    """The parameters that are penalised, in double precision."""
    wide = theta.astype(float)
    return wide if mask is None else wide[mask != 0]


regularizers: Registry[Regularizer] = Registry("regularizer", "engine.regularizers")
