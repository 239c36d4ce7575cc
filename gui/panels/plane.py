"""The plane of inputs that the boundary panel looks at, and what it asks the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.core.plan import Array
from engine.datasets import Data
from gui.widgets.numbers import format_number

SECONDS = 0.002
"""What one answer of the grid may take in the worker."""
LEAST, MOST = 16, 64
POINTS_OF_A_LINE = 240


@dataclass(frozen=True, eq=False)
class Plane:
    """A grid over two features (or one), with the others held at their mean.

    ``X`` is (n, columns): row by row from the bottom left, each sample in the middle of its cell.
    """

    data: Data
    axes: tuple[int, ...]
    ranges: tuple[tuple[float, float], ...]
    sides: tuple[int, ...]
    X: Array

    @classmethod
    def over(cls, data: Data, axes: tuple[int, ...], side: int) -> Plane:
        """The grid over those features of the data."""
        ranges = tuple(_range(data.X[axis]) for axis in axes)
        sides = (side, side) if len(axes) == 2 else (POINTS_OF_A_LINE,)
        places = [
            low + (np.arange(count) + 0.5) * (high - low) / count
            for (low, high), count in zip(ranges, sides, strict=True)
        ]
        X = np.repeat(data.X.mean(axis=1, keepdims=True), int(np.prod(sides)), axis=1)
        if len(axes) == 2:
            across, up = np.meshgrid(*places)
            X[axes[0]], X[axes[1]] = across.ravel(), up.ravel()
        else:
            X[axes[0]] = places[0]
        return cls(data, axes, ranges, sides, X)

    @property
    def cell(self) -> tuple[float, ...]:
        """How large one cell of the grid is, along each axis."""
        return tuple((high - low) / count for (low, high), count in zip(self.ranges, self.sides, strict=True))

    @property
    def others(self) -> tuple[int, ...]:
        """The features that are held at their mean."""
        return tuple(each for each in range(self.data.n) if each not in self.axes)

    @cached_property
    def held(self) -> tuple[str, ...]:
        """Those features with their means; there may be hundreds, so it is written once."""
        names, means = self.data.features, self.data.X.mean(axis=1)
        return tuple(f"{names[n]} = {format_number(means[n], 3, near_zero=True)}" for n in self.others)

    def grid(self, values: Array) -> Array:
        """An answer (k, columns) as (k, rows, columns of the picture)."""
        return values.reshape(len(values), self.sides[1], self.sides[0])


def side_for(parameters: Mapping[str, Array]) -> int:
    """As fine a grid as the network answers in two milliseconds, between 16 and 64 cells a side."""
    weights = sum(array.size for array in parameters.values())
    units = sum(array.shape[0] for key, array in parameters.items() if ".W." in key)
    seconds = 2.5e-10 * weights + 1.2e-8 * units
    return int(np.clip(np.sqrt(SECONDS / max(seconds, 1e-12)), LEAST, MOST)) // 4 * 4


def _range(x: Array) -> tuple[float, float]:
    low, high = float(x.min()), float(x.max())
    if not np.isfinite([low, high]).all() or low == high:
        return (low - 1.0, low + 1.0) if np.isfinite(low) else (-1.0, 1.0)
    few = len(np.unique(x[:64])) <= 4
    margin = (0.3 if few else 0.12) * (high - low)
    return low - margin, high + margin
