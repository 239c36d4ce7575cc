"""Sine waves of many lengths, which tell one position or time from another. This module holds no kind.

Feature i of a number t is sin(t / 10000^(i/d)) for even i and cos(t / 10000^((i−1)/d)) for odd i,
counted from 0 (Vaswani et al., 2017).
"""

from __future__ import annotations

import numpy as np

from engine.core.expressions import Expression, Function, Negative, Number, Power, Quotient
from engine.core.plan import Array

BASE = 10000.0
"""The longest wave is almost 2π times as long."""


def lengths(d: int) -> Array:
    """What t is divided by in each of d features: 1, 1, 10000^(2/d), 10000^(2/d), ..."""
    i = np.arange(d)
    length: Array = BASE ** ((i - i % 2) / d)
    return length


def waves(t: Array, d: int) -> Array:
    """The features (d, T) of the numbers t (T,)."""
    angle = t / lengths(d)[:, None]
    angle[0::2] = np.sin(angle[0::2])
    angle[1::2] = np.cos(angle[1::2])
    return angle


def wave(t: Expression, i: int, d: int) -> Expression:
    """How feature i came about."""
    return Function("cos" if i % 2 else "sin", Quotient(t, _length(i, d)))


def wave_slope(t: Expression, i: int, d: int) -> Expression:
    """How the derivative of feature i with respect to t came about."""
    inner = Quotient(t, _length(i, d))
    if i % 2:
        return Negative(Quotient(Function("sin", inner), _length(i, d)))
    return Quotient(Function("cos", inner), _length(i, d))


def _length(i: int, d: int) -> Expression:
    return Power(Number(BASE, "10000"), (i - i % 2) / d)
