"""From outputs over the plane to a picture in the colours of the classes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.core.plan import Array
from gui.colours import blend
from gui.theme import Theme, lut_values

STRENGTH = 0.62
"""How much of a class colour the surest place has; points of full colour must stand out on it."""


def of_two(a: Array, low: float, high: float, theme: Theme) -> Array:
    """Prediction of a binary task, (rows, columns), as colours: class 0, the panel's, class 1."""
    return np.take(_two_classes(theme), _numbers(a, low, high), axis=0)


def of_shares(a: Array, theme: Theme) -> Array:
    """Outputs of several classes, (k, rows, columns): the colours of the classes, mixed by share."""
    k = len(a)
    shares = np.clip(np.nan_to_num(a), 0.0, None)
    shares = shares / np.maximum(shares.sum(axis=0), 1e-12)
    mixed = np.tensordot(shares, _soft(k, theme), axes=(0, 0))
    return np.clip(mixed, 0, 255).astype(np.uint8)


def of_values(a: Array, low: float, high: float, theme: Theme) -> Array:
    """Any one output, (rows, columns), as the ink that neurons are filled with."""
    return np.take(lut_values(theme), _numbers(a, low, high), axis=0)


def _numbers(a: Array, low: float, high: float) -> Array:
    scaled = (a - low) * (255.0 / max(high - low, 1e-300))
    return np.clip(np.nan_to_num(scaled, nan=127.0), 0, 255).astype(np.uint8)


@lru_cache(maxsize=8)
def _two_classes(theme: Theme) -> Array:
    paper = theme.colour("panel")
    rows = [
        blend(paper, theme.class_colour(int(i > 127)), STRENGTH * abs(i - 127.5) / 127.5).getRgb()
        for i in range(256)
    ]
    return np.array(rows, np.uint8)


@lru_cache(maxsize=16)
def _soft(k: int, theme: Theme) -> Array:
    paper = theme.colour("panel")
    return np.array([blend(paper, theme.class_colour(i), STRENGTH).getRgb() for i in range(k)], np.float64)
