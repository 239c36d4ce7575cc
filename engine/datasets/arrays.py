"""Small steps that several data sets share: one-hot targets, scaling, arrays that nobody can write to."""

from __future__ import annotations

import math

import numpy as np

from engine.core.plan import Array


def read_only(values: Array) -> Array:
    """The values as a C-contiguous double array of its own that refuses to be written to."""
    fixed = np.array(values, dtype=np.float64, order="C")
    fixed.setflags(write=False)
    return fixed


def one_hot(labels: Array, k: int) -> Array:
    """Targets (k, m): column i is 1 in row ``labels[i]`` and 0 else; ``labels`` is (m,) of 0..k-1."""
    targets = np.zeros((k, len(labels)))
    targets[labels, np.arange(len(labels))] = 1.0
    return targets


def target_names(k: int) -> tuple[str, ...]:
    """y for one target row, y1 ... yk for several."""
    return ("y",) if k == 1 else tuple(f"y{row}" for row in range(1, k + 1))


def standardised(X: Array) -> Array:
    """Every row of X (n, m) with mean 0 and variance 1 over its m examples; a constant row becomes 0.

    ``(x - mean) / sqrt(sum (x - mean)^2 / m)``. A row is first divided by a power of two, which
    rounds nothing, so that its squares cannot overflow; sums are exact (``math.fsum``), so that
    the bits do not depend on the machine.
    """
    result = np.zeros(X.shape)
    for row, out in zip(X, result, strict=True):
        low, high = float(row.min()), float(row.max())
        if low == high:
            continue
        _, exponent = math.frexp(max(abs(low), abs(high)))
        scaled = np.ldexp(row, -exponent)
        centred = scaled - math.fsum(scaled.tolist()) / len(row)
        variance = math.fsum((centred * centred).tolist()) / len(row)
        np.divide(centred, math.sqrt(variance), out)
    return result


def standardised_name(feature: str) -> str:
    """``petal length (cm)`` scaled has no unit any more: ``petal length``."""
    return feature.removesuffix(" (cm)")
