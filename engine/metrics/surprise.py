"""How surprising the targets are to the predicted probabilities."""

from __future__ import annotations

import math

import numpy as np

from engine.core.plan import Array

ROUNDING = 1e-6
"""How far above 1 a probability in single precision may come out."""

NO_PROBABILITIES = "Undefined if predictions are no probabilities: each must lie between 0 and 1."


def surprise(a: Array, y: Array) -> float:
    """``−1/m Σ log₂ a_true`` in bits, the mean over the examples.

    ``a_true`` is the probability of the true class: of several outputs that of the one with target 1,
    of one output a or 1 − a. Infinite where it is 0; nan if an a is no probability.
    """
    if a.min() < 0.0 or a.max() > 1.0 + ROUNDING:
        return math.nan
    a = np.minimum(a, 1.0)
    if len(a) == 1:
        a, y = np.concatenate([a, 1.0 - a]), np.concatenate([y >= 0.5, y < 0.5])
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(y > 0, y * -np.log2(a), 0.0)
    return float(bits.sum(axis=0).mean()) + 0.0
