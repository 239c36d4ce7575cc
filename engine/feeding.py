"""Feeding: which numbers the network sees in an update.

The examples of the batch, with noisy labels and varied where that is chosen, and as the procedure
prepares them. It depends on the document, the data and the update's number alone.
"""

from __future__ import annotations

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
from engine.procedures import Batch, procedures


class Feeding:
    """What is fed in every update of a document's training on some data."""

    def __init__(self, document: Document, data: Data, layout: Layout | None = None) -> None:
        training = document.training
        self.data = data
        self.seed = training.seed
        self.procedure = procedures.make(training.procedure)
        self.augmentation = augmentations.make(training.augmentation)
        self.turns = self.procedure.turns(layout or Layout(document))
        self.batches = Batches(data.m, training)
        self.Y = noisy_labels(data, training.label_noise, training.seed, self.batches.held_out)
        self._shape = data.shape or (data.n,)
        self._variation = Chance(self.seed, "augmentation")

    @cached_property
    def plain(self) -> bool:
        """Whether an update is fed with the examples of its batch as they are."""
        return self.procedure.plain and self.augmentation.plain

    @property
    def always_same(self) -> bool:
        """Whether every update is fed with the same numbers."""
        return self.plain and self.batches.always_all and len(self.turns) == 1

    def turn(self, update: int) -> int:
        """Whose turn it is, counted from 0."""
        return update % len(self.turns)

    def batch(self, update: int) -> Batch:
        """What is fed in an update counted from 0."""
        return self.of_examples(self.batches.examples(update), update)

    def of_examples(self, examples: Array, update: int) -> Batch:
        """What would be fed in an update on certain examples."""
        return self.prepared(self.data.X[:, examples], self.Y[:, examples], update)

    def prepared(self, X: Array, Y: Array, update: int) -> Batch:
        """What is fed of the given examples."""
        if not self.augmentation.plain:
            X = self.augmentation.varied(X, self._shape, self._variation.at(update))
        if self.procedure.plain:
            return Batch(X, Y)
        return self.procedure.prepared(X, Y, update, self.seed)


def noisy_labels(data: Data, share: float, seed: int, spared: Array) -> Array:
    """The targets, with the classes of a share of the examples drawn anew; ``spared`` ones stay.

    Each such example gets any of the classes with the same chance, maybe its own. Only targets that
    are classes of the whole example can be noisy.
    """
    if not share or data.task is Task.REGRESSION or data.target_shape:
        return data.Y
    chance = Chance(seed, "label noise").at(0)
    chosen = chance.permutation(data.m)[: round(share * data.m)]
    drawn = chance.integers(0, max(2, len(data.classes)), len(chosen))
    keep = ~np.isin(chosen, spared)
    chosen, drawn = chosen[keep], drawn[keep]
    Y = data.Y.copy()
    if data.coded or data.task is Task.BINARY:
        Y[0, chosen] = drawn
    else:
        Y[:, chosen] = 0.0
        Y[drawn, chosen] = 1.0
    Y.setflags(write=False)
    return Y
