"""Which predictions are right."""

from __future__ import annotations

import numpy as np

from engine.core.plan import Array
from engine.datasets import Data
from engine.datasets.base import Task

MOST_EXAMPLES = 2000
"""Panels look at no more examples than these, the first ones."""


def correct(a: Array, data: Data) -> Array:
    """Which of the first examples are predicted right, (m,): the largest output, or the side of the middle.

    ``a`` is (k, m) for the first m examples of the data. The middle lies between the two targets,
    so that 0 and 1 are told apart at 0.5 and −1 and 1 at 0.
    """
    Y = data.Y[:, : a.shape[1]]
    if data.task is Task.CLASSES or len(Y) > 1:
        right: Array = a.argmax(axis=0) == Y.argmax(axis=0)
        return right
    side: Array = (a[0] >= middle(data)) == (Y[0] >= middle(data))
    return side & np.isfinite(a[0])


def middle(data: Data) -> float:
    """Where the two classes of a binary task part."""
    return (float(data.Y.min()) + float(data.Y.max())) / 2


def class_of(data: Data) -> Array:
    """The class of every example, (m,), counted from 0; all 0 for regression."""
    if data.task is Task.CLASSES:
        found: Array = data.Y.argmax(axis=0)
        return found
    if data.task is Task.BINARY:
        sides: Array = (data.Y[0] >= middle(data)).astype(np.int64)
        return sides
    return np.zeros(data.m, np.int64)


def number_of_classes(data: Data) -> int:
    """2 for a binary task, k for several classes, 0 for regression."""
    return {Task.BINARY: 2, Task.CLASSES: data.k, Task.REGRESSION: 0}[data.task]
