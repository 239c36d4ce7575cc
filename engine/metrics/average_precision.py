"""Average precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, mean_share, metrics, ranked


@dataclass(frozen=True, slots=True, eq=False)
class PrecisionRecallCurve:
    """Points for every different prediction as threshold, largest first; recall is nan without positives."""

    precision: Array
    recall: Array
    thresholds: Array


@metrics.add("average_precision")
@dataclass(frozen=True)
class AveragePrecision(Metric):
    """``AP = Σ_n (R_n − R_(n−1)) P_n`` over the different predictions as thresholds, largest first.

    The area under the steps of the precision and recall curve, not interpolated, as in scikit-learn.
    For several classes the mean of each against the rest, over the classes that occur.
    """

    title = "Average precision"
    summary = "How pure the top of the ranking is: precision averaged over all positive examples."
    tasks = frozenset({BINARY, CLASSES})
    undefined = "Undefined without a positive example: there is no recall."
    rank = 70

    def measured(self, a: Array, y: Array) -> float:
        found = [ranked(prediction, target) for prediction, target in zip(a, y, strict=True)]
        gained = [float((np.diff(t, prepend=0) * (t / (t + f))).sum()) for t, f, _ in found]
        return mean_share(np.array(gained), np.array([t[-1] for t, _, _ in found]))

    def curve(self, a: Array, y: Array) -> PrecisionRecallCurve:
        """The points of the curve for one output: rows (m,) of predictions and targets, without nan."""
        true, false, thresholds = ranked(np.asarray(a, np.float64), np.asarray(y))
        with np.errstate(invalid="ignore"):
            return PrecisionRecallCurve(true / (true + false), true / true[-1:], thresholds)
