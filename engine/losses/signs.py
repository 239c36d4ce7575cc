"""Targets as signs, for the losses of classifiers that answer −1 or +1."""

from __future__ import annotations

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Truth, minus
from engine.core.plan import Array


def signs(y: Array) -> Array:
    """``t = 2 [y > 0] − 1``: targets 0 and 1 are read as −1 and +1, and −1 and +1 as themselves."""
    return np.where(y > 0, 1.0, -1.0).astype(y.dtype)


def margin(a: Ref, y: Ref) -> Product:
    """``t a``: how far the prediction is on the right side of 0."""
    return Product((sign_cell(y), a))


def sign_cell(y: Ref) -> Expression:
    """``t = 2 [y > 0] − 1``."""
    return minus(Product((Number(2.0), Truth(y, ">", Number(0.0)))), Number(1.0))
