"""Hit at k."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.metrics.base import CLASSES, Metric, metrics


@metrics.add("hit_at_k")
@dataclass(frozen=True)
class HitAtK(Metric):
    """``1/m Σ [rank of the true class ≤ k]``, also called top-k accuracy and HR@k.

    Of equal predictions the first ranks first, so that k = 1 is the accuracy. With k or fewer classes it
    is always 1.
    """

    title = "Hit at k"
    summary = "How often the true class is among the k that were given the largest predictions."
    tasks = frozenset({CLASSES})
    undefined = "Undefined for a single output: there is nothing to rank."
    rank = 160

    k: int = knob(5, "Places", symbol="k", minimum=1, maximum=1_000_000)

    def measured(self, a: Array, y: Array) -> float:
        if len(a) == 1:
            return math.nan
        true = y.argmax(axis=0)
        own = a[true, np.arange(a.shape[1])]
        first = np.arange(len(a))[:, None] < true
        ahead = (a > own) | ((a == own) & first)
        return float((ahead.sum(axis=0) < self.k).mean())
