"""The ROC curve and the area under it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, mean_share, metrics, ranked
from engine.metrics.roc import RocCurve, roc_curve


@metrics.add("roc_auc")
@dataclass(frozen=True)
class RocAuc(Metric):
    """The area under the ROC curve: how likely a positive example gets more than a negative one.

    ``AUC = #{(p, n): a_p > a_n} + ½ #{(p, n): a_p = a_n}`` over the number of pairs, counted in whole
    numbers, so that ties are exact (Fawcett, 2006). For several classes the mean of each against the
    rest, over the classes with examples inside and outside.
    """

    title = "Area under the ROC curve"
    summary = "How surely positive examples get larger predictions than negative ones; 0.5 is chance."
    tasks = frozenset({BINARY, CLASSES})
    undefined = "Undefined unless there are positive and negative examples: it compares one with the other."
    rank = 60

    def measured(self, a: Array, y: Array) -> float:
        pairs = [_pairs(prediction, target) for prediction, target in zip(a, y, strict=True)]
        won, of = np.array(pairs, np.float64).T
        return mean_share(won, of)

    def curve(self, a: Array, y: Array) -> RocCurve:
        """The corners of the curve for one output: rows (m,) of predictions and targets, without nan."""
        return roc_curve(a, y)


def _pairs(a: Array, y: Array) -> tuple[int, int]:
    """Twice the pairs won, a tie counting one, and twice the number of pairs."""
    true, false, _ = ranked(a, y)
    positive, negative = np.diff(true, prepend=0), np.diff(false, prepend=0)
    won = int((positive * (2 * (false[-1] - false) + negative)).sum())
    return won, 2 * int(true[-1]) * int(false[-1])
