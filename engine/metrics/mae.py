"""The mean absolute error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.metrics.base import REGRESSION, Metric, metrics


@metrics.add("mae")
@dataclass(frozen=True)
class MeanAbsoluteError(Metric):
    """``MAE = mean |a − y|`` over examples and outputs."""

    title = "Mean absolute error"
    summary = "How far predictions are off on average, in the unit of the targets."
    tasks = frozenset({REGRESSION})
    better = "lower"
    unit = "target"
    rank = 90

    def measured(self, a: Array, y: Array) -> float:
        return float(np.abs(a - y).mean())
