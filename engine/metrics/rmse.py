"""The root of the mean squared error."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.metrics.base import REGRESSION, Metric, metrics


@metrics.add("rmse")
@dataclass(frozen=True)
class RootMeanSquaredError(Metric):
    """``RMSE = √ mean (a − y)²`` over examples and outputs, without overflow on the way."""

    title = "Root mean squared error"
    summary = "How far predictions are off, large errors counting more, in the unit of the targets."
    tasks = frozenset({REGRESSION})
    better = "lower"
    unit = "target"
    rank = 100

    def measured(self, a: Array, y: Array) -> float:
        off = np.abs(a - y)
        largest = float(off.max())
        if largest == 0.0 or not math.isfinite(largest):
            return largest
        return largest * math.sqrt(float(np.square(off / largest).mean()))
