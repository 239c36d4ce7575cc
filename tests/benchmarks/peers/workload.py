"""What a workload of the benchmark is, and how its work is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Run = Callable[[int], object]
"""Does a number of steps."""

FED_BATCHES = 32
"""Batches of the data set in a benchmark with feeding."""


class NotAvailable(Exception):
    """Why a side cannot run a workload, in one sentence."""


@dataclass(frozen=True, slots=True)
class Side:
    """One way of running a workload, with the number of parameters it trains."""

    run: Run
    parameters: int
    least: int = 1
    """Steps come in multiples of this."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all sides of a run."""

    dtype: type = np.float32
    fed: bool = False
    """Whether every step takes another batch of a shuffled data set, gathering included. Otherwise
    a workload trains on one batch that was put in once."""


@dataclass(frozen=True)
class Workload:
    """One row of the table; ``floor`` and ``goal`` are the ratios to PyTorch asked of Axon."""

    name: str
    title: str
    batch: int
    multiply_adds: int
    """Of the matrix products of one step."""
    floor: float
    goal: float
    axon: Callable[[Setting], Side]
    torch: Callable[[Setting], Mapping[str, Side]]
    others: Mapping[str, Callable[[Setting], Side]] = field(default_factory=dict)


def trained(*products: int, first: int = 1) -> int:
    """Multiply-adds of a training step, from those of the forward products in order.

    Each product comes again for dW and for da_prev; the ``first`` ones hand back no da_prev, as
    nothing before them learns.
    """
    return 3 * sum(products) - sum(products[:first])


def dense_products(batch: int, *sizes: int) -> list[int]:
    """The forward products of a perceptron."""
    return [batch * one * two for one, two in pairwise(sizes)]


def noise(setting: Setting, *shape: int, seed: int = 1) -> Array:
    """Standard normal numbers."""
    return np.random.default_rng(seed).normal(size=shape).astype(setting.dtype)


def labels(k: int, *shape: int, seed: int = 2) -> Array:
    """Whole numbers from 0 to k - 1."""
    return np.random.default_rng(seed).integers(0, k, shape)


def one_hot(classes: Array, k: int) -> Array:
    """(k, m) of 0 and 1."""
    return np.eye(k)[:, classes]
