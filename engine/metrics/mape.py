"""The mean absolute percentage error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.metrics.base import REGRESSION, Metric, metrics


@metrics.add("mape")
@dataclass(frozen=True)
class MeanAbsolutePercentageError(Metric):
    """``MAPE = 100 % · mean |a − y| / |y|`` over examples and outputs (Hyndman and Koehler, 2006).

    12.5 means 12.5 %.
    """

    title = "Mean absolute percentage error"
    summary = "How far predictions are off on average, in percent of the target."
    tasks = frozenset({REGRESSION})
    better = "lower"
    unit = "%"
    undefined = "Undefined if a target is 0: nothing can be a percentage of 0."
    rank = 110

    def measured(self, a: Array, y: Array) -> float:
        if not y.all():
            return math.nan
        return 100.0 * float(np.abs((a - y) / y).mean())
