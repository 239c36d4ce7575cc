"""The coefficient of determination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.metrics.base import REGRESSION, Metric, mean_share, metrics


@metrics.add("r2")
@dataclass(frozen=True)
class R2(Metric):
    """``R² = 1 − Σ (y − a)² / Σ (y − ȳ)²``, the share of the targets' variance that is explained.

    1 is perfect, 0 as good as always saying the mean, and worse is below 0. Of several outputs the mean
    over those whose targets differ.
    """

    title = "R²"
    summary = "How much of the targets' variation is explained; 0 is no better than their mean."
    tasks = frozenset({REGRESSION})
    undefined = "Undefined if all targets are the same: there is no variation to explain."
    rank = 80

    def measured(self, a: Array, y: Array) -> float:
        there = y.max(axis=1) > y.min(axis=1)
        a, y = a[there], y[there]
        rest = np.square(y - a).sum(axis=1)
        whole = np.square(y - y.mean(axis=1, keepdims=True)).sum(axis=1)
        return 1.0 - mean_share(rest, whole)
