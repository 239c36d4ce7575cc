"""Which predictions are right."""

from __future__ import annotations

import math

import numpy as np

from engine.core.plan import Array
from engine.datasets import Data
from engine.datasets.base import Task
from engine.layout import Layout

MOST_EXAMPLES = 2000
"""Panels look at no more examples than these, the first ones."""
MOST_NUMBERS = 4_000_000
"""... and have the network calculate no more numbers than these for it: a large one would stand still."""
FEWEST_EXAMPLES = 50


def how_many(layout: Layout) -> int:
    """How many examples the network is judged by."""
    numbers = sum(math.prod(node.shape) for node in layout.nodes.values())
    return max(FEWEST_EXAMPLES, min(MOST_EXAMPLES, MOST_NUMBERS // max(1, numbers)))


def correct(a: Array, data: Data) -> Array:
    """Which of the first examples are predicted right, (m,): the largest output, or the side of the middle.

    ``a`` is (k, m) for the first m examples of the data, or (k, ..., m) where it is made at many
    positions: then the answer is one for every position that is asked, in a row. The middle lies
    between the two targets, so that 0 and 1 are told apart at 0.5 and −1 and 1 at 0. Empty if a
    prediction of that shape cannot be compared with the targets.
    """
    m, k = a.shape[-1], len(a)
    Y, columns = data.Y[:, :m], a.reshape(k, -1)
    if data.coded:
        codes = Y.reshape(-1)
        if len(codes) != columns.shape[1]:
            return np.zeros(0, bool)
        asked: Array = (columns.argmax(axis=0) == codes)[codes >= 0]
        return asked
    if Y.size != columns.size:
        return np.zeros(0, bool)
    Y = Y.reshape(k, -1)
    if data.task is Task.CLASSES or len(Y) > 1:
        right: Array = columns.argmax(axis=0) == Y.argmax(axis=0)
        return right
    side: Array = (columns[0] >= middle(data)) == (Y[0] >= middle(data))
    return side & np.isfinite(columns[0])


def middle(data: Data) -> float:
    """Where the two classes of a binary task part."""
    return (float(data.Y.min()) + float(data.Y.max())) / 2


def one_class(data: Data) -> bool:
    """Whether every example is of one class, so that it can be drawn in that class's colour."""
    return not data.target_shape and (not data.coded or data.k == 1)


def class_of(data: Data) -> Array:
    """The class of every example, (m,), counted from 0; all 0 for regression and for many answers."""
    if not one_class(data):
        return np.zeros(data.m, np.int64)
    if data.coded:
        return data.Y[0].astype(np.int64)
    if data.task is Task.CLASSES:
        found: Array = data.Y.argmax(axis=0)
        return found
    if data.task is Task.BINARY:
        sides: Array = (data.Y[0] >= middle(data)).astype(np.int64)
        return sides
    return np.zeros(data.m, np.int64)


def number_of_classes(data: Data) -> int:
    """2 for a binary task, k for several classes, 0 for regression and for many answers an example."""
    if not one_class(data):
        return 0
    classes = len(data.classes) if data.coded else data.k
    return {Task.BINARY: 2, Task.CLASSES: classes, Task.REGRESSION: 0}[data.task]
