"""F1."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, mean_share, metrics, of_each_class


@metrics.add("f1")
@dataclass(frozen=True)
class F1(Metric):
    """``2 TP / (2 TP + FP + FN)``, the harmonic mean of precision and recall (van Rijsbergen, 1979).

    Of several classes the mean of their F1 over those that occur or were predicted (scikit-learn's
    macro average with ``zero_division=nan``).
    """

    title = "F1"
    summary = "Precision and recall in one: high only if both are."
    tasks = frozenset({BINARY, CLASSES})
    undefined = "Undefined if no example is positive and none is called so."
    rank = 50

    threshold: float = knob(0.5, "Threshold", minimum=-1.0, maximum=1.0, help="From here on it is class 1.")

    def measured(self, a: Array, y: Array) -> float:
        hits, wrong, missed = of_each_class(a, y, self.threshold)
        return mean_share(2 * hits, 2 * hits + wrong + missed)
