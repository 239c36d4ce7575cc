"""Recall."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, mean_share, metrics, of_each_class


@metrics.add("recall")
@dataclass(frozen=True)
class Recall(Metric):
    """``TP / (TP + FN)``, also called sensitivity.

    Of several classes the mean over those that occur (scikit-learn's macro average with
    ``zero_division=nan``, which is its balanced accuracy).
    """

    title = "Recall"
    summary = "How many of the positive examples were found."
    tasks = frozenset({BINARY, CLASSES})
    undefined = "Undefined without a positive example: there is nothing to be found."
    rank = 40

    threshold: float = knob(0.5, "Threshold", minimum=-1.0, maximum=1.0, help="From here on it is class 1.")

    def measured(self, a: Array, y: Array) -> float:
        hits, _, missed = of_each_class(a, y, self.threshold)
        return mean_share(hits, hits + missed)
