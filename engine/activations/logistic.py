"""The logistic function with all its digits in both tails; for kinds that are built of it."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.core.expressions import Expression, Function, Negative, Number, Quotient, Sum
from engine.core.place import Place
from engine.core.plan import Array

STEEPEST = 80.0
"""``e^80`` is far from overflow even in single precision, and ``σ(−80) = 2e-35`` is as good as 0."""


def logistic(z: Array) -> Array:
    """``σ(z) = e^(−ln(1 + e^−z))``: cannot overflow, and σ(−30) = 9.4e-14 has all its digits."""
    s: Array = np.exp(-np.logaddexp(0.0, -z))
    return s


def logistic_lines(p: Place, minus_z: Array, s: Array, letter: str = "z") -> None:
    """Lines for ``s = σ(z) = 1 / (1 + e^−z)``; −z is given, and may be s itself."""
    one, most = p.plan.constant(1.0), p.plan.beside(s, STEEPEST)
    p.forward(f"−{letter}, at most {STEEPEST:g}", "a", partial(np.minimum, minus_z, most, out=s))
    p.forward(f"e^−{letter}", "a", np.exp, s, s)
    p.forward(f"1 + e^−{letter}", "a", np.add, s, one, s)
    p.forward(f"σ({letter}) = 1 / (1 + e^−{letter})", "a", np.divide, one, s, s)


def logistic_cell(z: Expression) -> Expression:
    """``σ(z)``, opened to ``1 / (1 + e^−z)``."""
    return Function("σ", z, Quotient(Number(1.0), Sum((Number(1.0), Function("exp", Negative(z))))))
