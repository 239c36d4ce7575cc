"""The confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, counts, metrics


@metrics.add("confusion_matrix")
@dataclass(frozen=True)
class ConfusionMatrix(Metric):
    """``C_ij``: how many examples of class i were taken for class j, (k, k); (2, 2) for one output.

    Rows are the true classes, columns the predicted ones, as in scikit-learn.
    """

    title = "Confusion matrix"
    summary = "How often each class was taken for which."
    tasks = frozenset({BINARY, CLASSES})
    better = ""
    rank = 20

    threshold: float = knob(0.5, "Threshold", minimum=-1.0, maximum=1.0, help="From here on it is class 1.")

    def measured(self, a: Array, y: Array) -> Array:
        return counts(a, y, self.threshold).astype(np.float64)

    def nothing(self, k: int) -> Array:
        size = max(k, 2)
        return np.full((size, size), np.nan)
