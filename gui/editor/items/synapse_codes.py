"""How a synapse looks: a code of sign and step of size, and the pen that belongs to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gui.colours import blend
from gui.theme import Theme

STEPS = 8
"""Steps of width and opacity."""
MOST = 200_000
"""More synapses than this are not all drawn."""
STRONGEST = 20_000
"""How many are drawn then."""
ABSENT, BROKEN = -1, 2 * (STEPS + 1)
"""Codes of a synapse that is not drawn, and of one whose weight is not a number."""
FADED = 0.28
"""What is left of the colour while a walkthrough is on."""

Codes = NDArray[np.int64]


def codes_of(weights: NDArray[np.float64], weakest: float = 0.0) -> tuple[Codes, float]:
    """The code of every synapse, ``2 · step + (1 if negative)``, and the largest weight.

    Those weaker than the share ``weakest`` of the largest weight are absent. What is not a number is
    always there: it must be seen.
    """
    size = np.abs(weights)
    largest = float(size.max()) if len(size) else 0.0
    broken = None if np.isfinite(largest) else ~np.isfinite(size)
    if broken is not None:
        size[broken] = 0.0
        largest = float(size.max())
    codes = np.zeros(len(weights), dtype=np.int64)
    if largest > 0:
        np.ceil(size * (STEPS / largest), out=codes, casting="unsafe")
        np.minimum(codes, STEPS, out=codes)
    codes *= 2
    codes += weights < 0
    if weakest > 0:
        codes[size < weakest * largest] = ABSENT
    if broken is not None:
        codes[broken] = BROKEN
    if len(weights) > MOST:
        ranked = size if broken is None else np.where(broken, np.inf, size)
        codes[np.argpartition(ranked, len(ranked) - STRONGEST)[: len(ranked) - STRONGEST]] = ABSENT
    return codes, largest


def width_of_code(code: int, scale: float) -> float:
    """The width of a line with that code, in units of the scene."""
    return (1.0 + 5.0 * (min(code, BROKEN - 1) // 2) / STEPS) * scale


def least_width(code: int) -> float:
    """The width below which a line is not drawn on the screen however far away it is, in pixels."""
    return 0.8 + 0.8 * (min(code, BROKEN - 1) // 2) / STEPS


def colour_of(code: int, theme: Theme, faded: bool = False) -> QColor:
    """The colour of a synapse: that of its sign, paler where it is weak."""
    if code == BROKEN:
        return theme.colour("error")
    step = code // 2
    full = theme.colour("zero") if step == 0 else theme.colour("negative" if code % 2 else "positive")
    strength = (0.4 + 0.6 * step / STEPS) * (FADED if faded else 1.0)
    return blend(theme.colour("canvas"), full, strength)


def pen_of(code: int, theme: Theme, *, faded: bool = False, dashed: bool = True, least: float = 0.0) -> QPen:
    """Colour and width of a synapse; opaque, because see-through lines take much longer to paint.

    ``least`` is the size of a pixel: no line becomes too thin to be seen.
    """
    width = max(width_of_code(code, theme.scale), least * least_width(code))
    pen = QPen(colour_of(code, theme, faded), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    unit = max(theme.scale, 0.5 * least)
    if code == BROKEN:
        pen.setDashPattern([1.0, 2.0])
    elif dashed and code % 2 and code // 2:
        pen.setDashPattern([DASH * unit / width, GAP * unit / width])
    return pen


DASH, GAP = 9.0, 5.0
"""The dashes of a negative synapse, at scale 1."""
