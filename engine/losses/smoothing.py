"""Label smoothing: aiming a little beside the truth. This module holds no kind."""

from __future__ import annotations

from engine.core.expressions import Expression, Number, Product, Ref, Sum
from engine.core.plan import Array

HELP = "This part of the goal is dealt out evenly to all classes, so that no prediction need be quite sure."


def smoothed(y: Array, smoothing: float) -> Array:
    """``y′ = (1 − ε) y + ε/k`` for k classes; y itself where ε is 0."""
    return (1.0 - smoothing) * y + smoothing / len(y) if smoothing else y


def smoothed_cell(y: Ref, smoothing: float, k: int) -> Expression:
    """How one y′ comes about."""
    if not smoothing:
        return y
    return Sum((Product((Number(1.0 - smoothing), y)), Number(smoothing / k)))
