"""The ROC curve. This module holds no kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.metrics.base import ranked


@dataclass(frozen=True, slots=True, eq=False)
class RocCurve:
    """Corners from (0, 0) to (1, 1), one for every different prediction, largest first.

    A rate is nan if there is no example of its class. The first threshold is infinite.
    """

    false_positive_rate: Array
    true_positive_rate: Array
    thresholds: Array


def roc_curve(a: Array, y: Array) -> RocCurve:
    """The corners of the curve for one output: rows (m,) of predictions and targets, without nan."""
    true, false, thresholds = ranked(np.asarray(a, np.float64), np.asarray(y))
    x, y = (np.concatenate([[0], each]) for each in (false, true))
    with np.errstate(invalid="ignore"):
        return RocCurve(x / x[-1:], y / y[-1:], np.concatenate([[np.inf], thresholds]))
