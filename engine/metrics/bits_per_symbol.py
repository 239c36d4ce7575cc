"""Bits per symbol."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, metrics
from engine.metrics.surprise import NO_PROBABILITIES, surprise


@metrics.add("bits_per_symbol")
@dataclass(frozen=True)
class BitsPerSymbol(Metric):
    """``−1/m Σ log₂ a_true``: the cross-entropy to base 2 (Shannon, 1948).

    Infinite if a true symbol was given the probability 0.
    """

    title = "Bits per symbol"
    summary = "How many yes-or-no questions a symbol still costs on average, given the prediction."
    tasks = frozenset({BINARY, CLASSES})
    better = "lower"
    unit = "bit"
    undefined = NO_PROBABILITIES
    rank = 150

    def measured(self, a: Array, y: Array) -> float:
        return surprise(a, y)
