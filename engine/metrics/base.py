"""What a metric is."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from engine.core.plan import Array
from engine.core.registry import Kind, Registry

BINARY, CLASSES, REGRESSION = "binary", "classes", "regression"
"""The tasks, by the names that data has for them."""


class Metric(Kind):
    """A number for predictions a and targets y, both (k, m) with the examples as columns.

    A kind gives ``measured``, which is never asked about nothing or about nan.
    """

    tasks: ClassVar[frozenset[str]] = frozenset()
    """The tasks it suits: binary, classes, regression."""
    better: ClassVar[str] = "higher"
    """``higher`` or ``lower``; empty for what is no single number."""
    unit: ClassVar[str] = ""
    """``%``, ``bit``, ``target`` for the unit of the targets; empty for a pure number."""
    undefined: ClassVar[str] = ""
    """When the value is nan although there are examples, and why; empty if that never happens."""
    rank: ClassVar[int] = 100

    def value(self, a: Array, y: Array) -> float | Array:
        """The metric; nan without examples, where a prediction or target is nan, and as ``undefined`` says.

        Raises ``ValueError`` if a and y are not (k, m) arrays of the same shape.
        """
        a, y = np.asarray(a, np.float64), np.asarray(y, np.float64)
        if a.ndim != 2 or a.shape != y.shape:
            raise ValueError(f"predictions are {a.shape} and targets {y.shape}; both must be (k, m)")
        if not a.size or np.isnan(a).any() or np.isnan(y).any():
            return self.nothing(len(a))
        with np.errstate(all="ignore"):
            return self.measured(a, y)

    def measured(self, a: Array, y: Array) -> float | Array:
        """The metric of at least one example, in double precision and without nan."""
        raise TypeError(f"{type(self).__name__} measures nothing")

    def nothing(self, k: int) -> float | Array:
        """What comes out for k outputs where nothing can be measured."""
        return math.nan


def positives(y: Array) -> Array:
    """Where a target is of the positive class, (k, m) of truth values."""
    return np.asarray(y >= 0.5)


def classes(a: Array, y: Array, threshold: float) -> tuple[Array, Array, int]:
    """The predicted and the true class of every example, counted from 0, and how many classes there are.

    One output decides between 0 and 1: it says 1 from the threshold on. Of several outputs the
    largest is the class, of equal ones the first.
    """
    if len(a) == 1:
        return (a[0] >= threshold).astype(int), positives(y)[0].astype(int), 2
    return a.argmax(axis=0), y.argmax(axis=0), len(a)


def counts(a: Array, y: Array, threshold: float) -> Array:
    """How often class i (row) was taken for class j (column), (k, k) of whole numbers."""
    predicted, true, k = classes(a, y, threshold)
    return np.bincount(true * k + predicted, minlength=k * k).reshape(k, k)


def of_each_class(a: Array, y: Array, threshold: float) -> tuple[Array, Array, Array]:
    """True positives, false positives and false negatives; with one output of the class 1 alone."""
    C = counts(a, y, threshold)
    hits = C.diagonal()
    found = hits, C.sum(axis=0) - hits, C.sum(axis=1) - hits
    return tuple(each[1:] if len(a) == 1 else each for each in found)  # type: ignore[return-value]


def mean_share(above: Array, below: Array) -> float:
    """The mean of ``above / below`` over the classes where below is not 0; nan if it is 0 everywhere."""
    there = below != 0
    return float((above[there] / below[there]).mean()) if there.any() else math.nan


def ranked(a: Array, y: Array) -> tuple[Array, Array, Array]:
    """For one row: how many true and false positives there are from each threshold on.

    The thresholds are the different predictions from the largest to the smallest, so that equal
    predictions are accepted together. ``(true, false, thresholds)``.
    """
    thresholds, place = np.unique(-a, return_inverse=True)
    positive = positives(y)
    true = np.bincount(place[positive], minlength=len(thresholds)).cumsum()
    false = np.bincount(place[~positive], minlength=len(thresholds)).cumsum()
    return true, false, -thresholds


metrics: Registry[Metric] = Registry("metric", "engine.metrics")
