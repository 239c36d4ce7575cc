"""Straight lines between the cells of an axis, as a matrix. This module holds no kind."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from engine.core.place import Index
from engine.core.plan import Array


@lru_cache(maxsize=32)
def weights(size: int, factor: int) -> Array:
    """U (f n, n): new cell i lies at (i + ½)/f − ½ among the old ones, but never beyond the outermost."""
    U = np.zeros((factor * size, size))
    for i in range(factor * size):
        place = min(max((i + 0.5) / factor - 0.5, 0.0), size - 1.0)
        before = math.floor(place)
        U[i, before] += 1.0 - (place - before)
        if place > before:
            U[i, before + 1] += place - before
    U.setflags(write=False)
    return U


def along(U: Array, axis: int, values: Array, out: Array) -> None:
    """``U`` times the values along one axis, into ``out``; both are contiguous."""
    before = math.prod(values.shape[:axis])
    np.matmul(U, values.reshape(before, values.shape[axis], -1), out=out.reshape(before, out.shape[axis], -1))


def between(rows: list[Array]) -> Iterator[tuple[float, Index]]:
    """The weights that are not 0 with their places, for one row of weights an axis."""
    for at in itertools.product(*(np.flatnonzero(row) for row in rows)):
        weight = math.prod(float(row[i]) for row, i in zip(rows, at, strict=True))
        yield weight, tuple(int(i) for i in at)
