"""The logistic function with all its digits in both tails; for kinds that are built of it."""

from __future__ import annotations

import numpy as np

from engine.core.expressions import Expression, Function, Negative, Number, Quotient, Sum
from engine.core.plan import Array


def logistic(z: Array) -> Array:
    """``σ(z) = e^(−ln(1 + e^−z))``: cannot overflow, and σ(−30) = 9.4e-14 has all its digits."""
    s: Array = np.exp(-np.logaddexp(0.0, -z))
    return s


def logistic_cell(z: Expression) -> Expression:
    """``σ(z)``, opened to ``1 / (1 + e^−z)``."""
    return Function("σ", z, Quotient(Number(1.0), Sum((Number(1.0), Function("exp", Negative(z))))))
