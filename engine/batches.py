"""Which examples belong to which update: a function of the seed and the update's number alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from engine.core.chance import Chance
from engine.core.plan import Array
from engine.document import Training


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the training an update stands; ``update`` counts from 0, the rest from 1."""

    update: int
    epoch: int
    batch: int
    batches: int
    turn: int = 1
    turns: int = 1
    """Which of the updates on its batch it is, and how many there are: two in a round of a GAN."""

    @property
    def round(self) -> int:
        """Updates that take turns make up rounds."""
        return self.update // self.turns + 1

    def at(self, update: int) -> Position:
        """The position of another update of the same training."""
        epoch, within = divmod(update, self.an_epoch)
        round, turn = divmod(within, self.turns)
        return Position(update, epoch + 1, round + 1, self.batches, turn + 1, self.turns)

    @property
    def an_epoch(self) -> int:
        """How many updates an epoch has."""
        return self.batches * self.turns

    def __str__(self) -> str:
        return f"update {self.update + 1} = epoch {self.epoch}, batch {self.batch} of {self.batches}"


@dataclass(frozen=True)
class Batches:
    """The batches of ``all`` examples under the document's training settings.

    With shuffling every epoch has an order of its own, drawn by a counter-based generator keyed
    by seed and epoch; so any update can be computed without those before it. Examples that are
    held out are in no batch.
    """

    all: int
    training: Training
    turns: int = 1
    """Updates on the same batch, where a procedure has turns."""

    @cached_property
    def held_out(self) -> Array:
        """The numbers of the examples that are kept from training, in order."""
        count = min(round(self.training.held_out * self.all), self.all - 1)
        return np.sort(_order(self.all, self.training.seed, -1)[:count])

    @cached_property
    def chosen(self) -> Array:
        """The numbers of the examples to learn from, in order."""
        return np.setdiff1d(np.arange(self.all), self.held_out, assume_unique=True)

    @cached_property
    def m(self) -> int:
        """How many examples there are to learn from."""
        return len(self.chosen)

    @cached_property
    def size(self) -> int:
        """Examples an update; the last batch of an epoch may have fewer."""
        return min(self.training.batch_size or self.m, self.m)

    @cached_property
    def count(self) -> int:
        """Updates an epoch: one a batch, and with turns one for each turn on every batch."""
        return self.turns * -(-self.m // self.size)

    def position(self, update: int) -> Position:
        """Epoch and batch of an update."""
        return Position(0, 1, 1, self.count // self.turns, 1, self.turns).at(update)

    def examples(self, update: int) -> Array:
        """The numbers of the update's examples, counted from 0."""
        epoch, batch = divmod(update, self.count)
        return self.order(epoch)[self.columns(batch)]

    def order(self, epoch: int) -> Array:
        """The order of the examples in an epoch counted from 0."""
        if not self.training.shuffle:
            return self.chosen
        return self.chosen[_order(self.m, self.training.seed, epoch)]

    def columns(self, number: int) -> slice:
        """Where the batch of an update, counted within its epoch from 0, lies in the epoch's order."""
        batch = number // self.turns
        return slice(batch * self.size, (batch + 1) * self.size)

    @property
    def always_all(self) -> bool:
        """Whether every update sees the same examples in the same order."""
        return self.count == 1 and not self.training.shuffle


@lru_cache(maxsize=8)
def _order(m: int, seed: int, epoch: int) -> Array:
    """The order of an epoch; of epoch -1 the order from which examples are held out."""
    order = _chance(seed, "order" if epoch >= 0 else "held out").at(max(epoch, 0)).permutation(m)
    order.setflags(write=False)
    return order


@lru_cache(maxsize=8)
def _chance(seed: int, purpose: str) -> Chance:
    return Chance(seed, purpose)
