"""The Dice coefficient."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.metrics.base import BINARY, Metric, mean_share, metrics, positives


@metrics.add("dice")
@dataclass(frozen=True)
class Dice(Metric):
    """``2 |A ∩ B| / (|A| + |B|)`` of the predicted and the true mask (Dice, 1945).

    Every output is a pixel of its own. All pixels of all examples are one mask, unless every example
    counts by itself: then it is the mean over the examples with a pixel in either mask.
    """

    title = "Dice coefficient"
    summary = "How well two masks overlap; F1 of their pixels."
    tasks = frozenset({BINARY})
    undefined = "Undefined if both masks are empty: there is nothing that could overlap."
    rank = 120

    threshold: float = knob(0.5, "Threshold", minimum=-1.0, maximum=1.0, help="From here on a pixel is in.")
    each: bool = knob(False, "Each example by itself", help="The mean over the examples.")

    def measured(self, a: Array, y: Array) -> float:
        predicted, true = a >= self.threshold, positives(y)
        axis = (0,) if self.each else (0, 1)
        both = (predicted & true).sum(axis=axis, keepdims=True)
        sizes = predicted.sum(axis=axis, keepdims=True) + true.sum(axis=axis, keepdims=True)
        return mean_share(2 * both, sizes)
