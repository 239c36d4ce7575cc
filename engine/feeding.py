"""Feeding: which numbers the network sees in an update.

The examples of the batch, with noisy labels and varied where that is chosen, and as the procedure
prepares them. It depends on the document, the data and the update's number alone.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from engine.augmentations import augmentations
from engine.batches import Batches
from engine.core.chance import Chance
from engine.core.plan import Array
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document import Document
from engine.layout import Layout
from engine.losses import losses
from engine.parameters import precision
from engine.procedures import Batch, procedures


class Feeding:
    """What is fed in every update of a document's training on some data."""

    def __init__(self, document: Document, data: Data, layout: Layout | None = None) -> None:
        training = document.training
        self.data = data
        self.seed = training.seed
        self.procedure = procedures.make(training.procedure)
        self.augmentation = augmentations.make(training.augmentation)
        layout = layout or Layout(document)
        self.turns = self.procedure.turns(layout)
        self.batches = Batches(data.m, training, len(self.turns))
        dtype = precision(document)
        Y = noisy_labels(data, training.label_noise, training.seed, self.batches.held_out)
        self.X = data.X.astype(dtype, copy=False)
        self.Y = Y.astype(dtype, copy=False)
        self._shape = data.shape or (data.n,)
        self._variation = Chance(self.seed, "augmentation")
        self._symbols = _symbols(layout)
        self._silent = 0.0 if losses.make(document.loss).whole else -1.0

    @cached_property
    def plain(self) -> bool:
        """Whether an update is fed with the examples of its batch as they are."""
        return self.procedure.plain and self.augmentation.plain

    @property
    def always_same(self) -> bool:
        """Whether every update of a turn is fed with the same numbers."""
        same = self.plain or (self.procedure.steady and self.augmentation.plain)
        return same and self.batches.count == len(self.turns) and not self.batches.training.shuffle

    def turn(self, update: int) -> int:
        """Whose turn it is, counted from 0."""
        return update % len(self.turns)

    def batch(self, update: int) -> Batch:
        """What is fed in an update counted from 0."""
        return self.of_examples(self.batches.examples(update), update)

    def of_examples(self, examples: Array, update: int) -> Batch:
        """What would be fed in an update on certain examples."""
        return self.prepared(self.X[:, examples], self.Y[:, examples], update)

    def prepared(self, X: Array, Y: Array, update: int) -> Batch:
        """What is fed of the given examples."""
        if not self.augmentation.plain:
            X, Y = self._varied(X, Y, update)
        if self.procedure.plain:
            return Batch(X, Y)
        return self.procedure.prepared(X, Y, update, self.seed)

    def _varied(self, X: Array, Y: Array, update: int) -> tuple[Array, Array]:
        """The examples varied: numbers of symbols stay, targets of single places move along.

        At a place that came in from the edge nothing is asked; a loss of whole examples, which
        asks everywhere, finds class 0 there.
        """
        varied = self.augmentation.varied(X, self._shape, self._variation.at(update))
        for rows in self._symbols:
            if varied is not X:
                varied[rows] = X[rows]
        places = self.data.target_shape[1:]
        if self.augmentation.moves and places and places == self._shape[1:]:
            shape = (len(Y) // math.prod(places), *places)
            silent = self._silent if self.data.coded else 0.0
            Y = self.augmentation.varied(Y - silent, shape, self._variation.at(update)) + silent
        return varied, Y


def _symbols(layout: Layout) -> list[slice]:
    """The rows of X that a layer reads as numbers of symbols."""
    found, start = [], 0
    for node in layout.inputs:
        end = start + math.prod(node.shape)
        readers = (each for each in layout.active if each.inputs[:1] == (node.layer.id,))
        if any(each.kind.symbolic for each in readers):
            found.append(slice(start, end))
        start = end
    return found


def noisy_labels(data: Data, share: float, seed: int, spared: Array) -> Array:
    """The targets, with the classes of a share of the examples drawn anew; ``spared`` ones stay.

    Each such example gets any of the classes with the same chance, maybe its own; with a larger
    share it keeps what it got. Only targets that are classes of the whole example can be noisy.
    """
    if not share or data.task is Task.REGRESSION or data.target_shape:
        return data.Y
    one_hot = data.task is Task.CLASSES and not data.coded
    chance = Chance(seed, "label noise").at(0)
    order = chance.permutation(data.m)
    order = order[~np.isin(order, spared)]
    chosen = order[: round(share * len(order))]
    drawn = chance.integers(0, data.k if one_hot else max(2, len(data.classes)), data.m)[chosen]
    Y = data.Y.copy()
    if one_hot:
        Y[:, chosen] = 0.0
        Y[drawn, chosen] = 1.0
    else:
        Y[0, chosen] = drawn
    Y.setflags(write=False)
    return Y
