"""Figures of many numbers at once: how they are spread, and how large they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array

BINS = 41
"""An odd number, so that 0 lies in the middle of a bin where the range is even about it."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A histogram from ``low`` to ``high``; ``rms`` is the root of the mean square.

    ``zeros`` is the share that is exactly 0 and ``broken`` that of what is no finite number; the latter is
    in no bin.
    """

    count: int
    low: float
    high: float
    bins: Array
    rms: float
    zeros: float
    broken: float


def spread(values: Array) -> Spread:
    """How some numbers are spread; a range that includes 0 is made even about it."""
    flat = np.asarray(values, np.float64).ravel()
    finite = flat[np.isfinite(flat)]
    if not len(finite):
        return Spread(len(flat), -1.0, 1.0, np.zeros(BINS, np.int64), float("nan"), 0.0, float(len(flat) > 0))
    low, high = float(finite.min()), float(finite.max())
    if low < 0.0 < high:
        low, high = -max(-low, high), max(-low, high)
    if low == high:
        margin = 0.5 * abs(low) or 1.0
        low, high = low - margin, high + margin
    bins, _ = np.histogram(finite, BINS, (low, high))
    rms = float(np.sqrt(np.mean(np.square(finite))))
    return Spread(len(flat), low, high, bins, rms, float((flat == 0.0).mean()), 1.0 - len(finite) / len(flat))
