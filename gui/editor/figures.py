"""Numbers on the canvas: short texts, and how full of ink a neuron is."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLocale

from engine.activations import activations
from engine.core.problems import AxonError
from engine.core.spec import Spec
from gui.widgets.numbers import MINUS, as_fraction, format_fixed, format_number, is_exact, writing

EXACT = 4
"""Significant digits in a walkthrough: those of the formula."""


def short(value: float) -> str:
    """At most six characters, of a width that does not jump while training; more where they are chosen."""
    size = abs(value)
    style = writing()
    if style.decimals is not None or (style.fractions and as_fraction(value)):
        return format_number(value)
    if not math.isfinite(value) or value == 0:
        return format_number(value) if value else "0.00"
    if size >= 9999.5:
        return format_number(value, 2)
    if size < 0.005:
        return format_fixed(value, 2) if size < 1e-9 else format_number(value, 1)
    if size < 99.995:
        return _dressed(f"{value:.2f}", QLocale().decimalPoint())
    return format_fixed(value, 1 if size < 999.95 else 0)


LONG = 7
"""From so many characters a number on a synapse is written smaller."""


def breadth() -> float:
    """How much more room the numbers of synapses need than with two decimals: −0.25 has five characters."""
    length = (writing().decimals or 2) + 3
    return max(1.0, slimness(length) * length / 5.5)


def slimness(length: int) -> float:
    """By how much the letters of a number on a synapse are smaller that has so many."""
    return 1.0 if length < LONG else 0.86


def brief(value: float) -> str:
    """At most four or five characters, for a neuron that is far away; empty where the short one is that."""
    size = abs(value)
    if writing().decimals is not None and 0.005 <= size < 9.995:
        return _dressed(f"{value:.2f}", QLocale().decimalPoint())
    if not math.isfinite(value) or size >= 999.5 or value == 0:
        return ""
    if size < 0.005:
        return "≈0"
    return _dressed(f"{value:.1f}", QLocale().decimalPoint()) if size >= 9.995 else ""


@lru_cache(maxsize=8192)
def _dressed(text: str, point: str) -> str:
    """Two decimals as they are read; most numbers on the canvas are of this kind."""
    return text.replace("-", MINUS).replace(".", point)


def exact(value: float) -> str:
    """As the formula writes it."""
    return format_number(value, EXACT, near_zero=True)


def sign_of(*values: float) -> str:
    """What stands before a result: "≈" where one of the numbers that are shown is rounded."""
    return "=" if all(is_exact(each, EXACT, near_zero=True) for each in values) else "≈"


def fullness(a: float, range_: tuple[float, float]) -> float:
    """How full of ink a neuron with that activation is, 0 to 1; NaN stays NaN, so that it is seen."""
    low, high = range_
    if math.isnan(a):
        return math.nan
    if math.isfinite(low) and math.isfinite(high):
        return min(1.0, max(0.0, (a - low) / (high - low))) if high > low else 0.0
    if math.isinf(a):
        return 1.0 if a > 0 else 0.0
    if math.isfinite(low):
        above = max(0.0, a - low)
        return above / (1.0 + above)
    return 0.5 + 0.5 * a / (1.0 + abs(a))


@lru_cache(maxsize=256)
def activation_range(spec: Spec | None) -> tuple[float, float]:
    """What an activation function can give; infinite where it has no bound."""
    try:
        kind = activations.make(spec) if spec is not None else None
    except AxonError:
        kind = None
    if kind is None:
        return -math.inf, math.inf
    if not kind.elementwise:
        return 0.0, 1.0
    with np.errstate(all="ignore"):
        low, lower, high, higher = kind.value(np.array([-1e3, -1e6, 1e3, 1e6])).tolist()
    return low if low == lower else -math.inf, high if high == higher else math.inf


def activation_of(spec: Spec, default: Spec | None) -> Spec | None:
    """The activation that a layer's specification names."""
    found = spec.get("activation", default)
    return Spec(found) if isinstance(found, str) else found if isinstance(found, Spec) else None
