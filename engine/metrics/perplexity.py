"""Perplexity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, metrics
from engine.metrics.surprise import NO_PROBABILITIES, surprise


@metrics.add("perplexity")
@dataclass(frozen=True)
class Perplexity(Metric):
    """``e^(−1/m Σ ln a_true)`` (Jelinek et al., 1977); 1 is certainty, k is guessing among k.

    Infinite if a true class was given the probability 0.
    """

    title = "Perplexity"
    summary = "Among how many equally likely classes the prediction hesitates on average."
    tasks = frozenset({BINARY, CLASSES})
    better = "lower"
    undefined = NO_PROBABILITIES
    rank = 140

    def measured(self, a: Array, y: Array) -> float:
        return float(np.exp2(surprise(a, y)))
