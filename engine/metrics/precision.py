"""Precision."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, mean_share, metrics, of_each_class


@metrics.add("precision")
@dataclass(frozen=True)
class Precision(Metric):
    """``TP / (TP + FP)``.

    Of several classes the mean over those that were predicted at all (scikit-learn's macro average
    with ``zero_division=nan``).
    """

    title = "Precision"
    summary = "How many of the examples that were called positive are positive."
    tasks = frozenset({BINARY, CLASSES})
    undefined = "Undefined while no example is called positive: there is nothing to take the share of."
    rank = 30

    threshold: float = knob(0.5, "Threshold", minimum=-1.0, maximum=1.0, help="From here on it is class 1.")

    def measured(self, a: Array, y: Array) -> float:
        hits, wrong, _ = of_each_class(a, y, self.threshold)
        return mean_share(hits, hits + wrong)
