"""The trainer: one update after the other, synchronous and without a thread.

An update depends only on the parameters, the optimizer's memory and the update's number.
"""

from __future__ import annotations

import math
from math import isfinite

import numpy as np

from engine.batches import Position
from engine.core.plan import Array
from engine.core.problems import DivergenceError, DocumentError
from engine.curve import Curve
from engine.datasets import Data
from engine.divergence import divergence
from engine.document import Document
from engine.feeding import Feeding
from engine.fit import fit_problem
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network
from engine.parameters import ParameterStore, precision
from engine.procedures import procedures

MOST_BYTES = 6 * 2**30
"""A batch that needs more memory than this is refused."""
ARRAYS_A_LAYER = 5
"""About how many arrays of its output's size a layer has: z, a, da, dz and one more."""


class Trainer:
    """Trains a document on data from where ``learned`` left off.

    Raises ``DocumentError`` where network and data do not fit together. ``curve`` holds J of
    every update, measured before the weights change. ``dtype`` is by default the precision that
    the document chooses.
    """

    def __init__(
        self, document: Document, data: Data, learned: Learned, *, dtype: type | None = None
    ) -> None:
        self.document = document
        self.data = data
        self.layout = Layout(document)
        problem = fit_problem(self.layout, procedures.make(document.training.procedure).wanted(data))
        if problem is not None:
            raise problem
        self.feeding = Feeding(document, data, self.layout)
        self.batches = self.feeding.batches
        self.store = ParameterStore(self.layout, dtype or precision(document), turns=len(self.feeding.turns))
        self.curve = Curve(learned.step)
        self._one_by_one = not self.feeding.plain or len(self.feeding.turns) > 1
        self._networks: dict[tuple[int, int], Network] = {}
        self._fed: Network | None = None
        self._rows = np.ascontiguousarray(self.feeding.X.T), np.ascontiguousarray(self.feeding.Y.T)
        self._ordered: tuple[int, Array, Array] | None = None
        self._columns = [self.batches.columns(number) for number in range(self.batches.count)]
        self.load(learned)

    def load(self, learned: Learned) -> None:
        """Go on from another state of the same document."""
        self.initial = learned.initial
        self.step = learned.step
        self.store.load(learned)
        if not self.curve.start <= self.step <= self.curve.end:
            self.curve = Curve(self.step)

    @property
    def learned(self) -> Learned:
        """A frozen copy of the present state."""
        return self.store.learned(self.initial, self.step)

    @property
    def position(self) -> Position:
        """Where the next update stands."""
        return self.batches.position(self.step)

    @property
    def features(self) -> int:
        """How many numbers the network takes in for one example."""
        return sum(math.prod(node.shape) for node in self.layout.inputs)

    def inputs(self, examples: Array) -> Array:
        """What the network takes in for some examples of the data, as columns, at the present update.

        Where the procedure makes up examples of its own there may be more columns.
        """
        if self.feeding.procedure.plain:
            return self.data.X[:, examples]
        return self.feeding.of_examples(examples, self.step).X

    def advance(self, updates: int = 1) -> None:
        """Do some updates.

        Raises ``DivergenceError`` as soon as J is not a finite number; the weights and the memory
        are then those that gave that J, and the update is not counted.
        """
        with np.errstate(all="ignore"):
            self._advance(updates)

    def _advance(self, updates: int) -> None:
        goal = self.step + updates
        if self.feeding.always_same:
            network = self.network(self.batches.m)
            if self._fed is not network:
                network.feed(*self._epoch(0))
                self._fed = network
            while self.step < goal:
                self._run(network)
            return
        batches, one_by_one = self.batches, self._one_by_one
        while self.step < goal:
            epoch, batch = divmod(self.step, batches.count)
            X, Y = self._epoch(epoch)
            for columns in self._columns[batch : batch + goal - self.step]:
                x, y = X[:, columns], Y[:, columns]
                self._run(self._prepared(x, y) if one_by_one else self._fed_with(x, y))

    def _fed_with(self, X: Array, Y: Array, turn: int = 0) -> Network:
        """The network for so many examples, fed with them."""
        network = self._networks.get((X.shape[1], turn)) or self.network(X.shape[1], turn)
        network.feed(X, Y)
        return network

    def _prepared(self, X: Array, Y: Array) -> Network:
        """The network fed with what augmentation and procedure make of the examples."""
        batch = self.feeding.prepared(X, Y, self.step)
        return self._fed_with(batch.X, batch.Y, self.feeding.turn(self.step))

    def network(self, examples: int, turn: int = 0) -> Network:
        """The network compiled for batches of that size and one turn of the procedure."""
        key = (examples, turn)
        if key not in self._networks:
            check_memory(self.layout, examples, self.store.dtype.itemsize)
            self._networks[key] = Network(self.store, examples, turn=turn)
        return self._networks[key]

    def _epoch(self, epoch: int) -> tuple[Array, Array]:
        """The data in the order of an epoch, gathered once, so that a batch is a slice.

        It is kept with the examples as rows, which are gathered several times as fast.
        """
        if not self.document.training.shuffle:
            epoch = 0
        if self._ordered is None or self._ordered[0] != epoch:
            order = self.batches.order(epoch)
            X, Y = self._rows
            if self.document.training.shuffle or len(order) < len(X):
                X, Y = X[order], Y[order]
            self._ordered = (epoch, X.T, Y.T)
        return self._ordered[1], self._ordered[2]

    def _run(self, network: Network) -> None:
        network.plan.step = self.step
        for call in network.measure:
            call()
        cost = network.J
        if not isfinite(cost):
            raise DivergenceError(divergence(network, self.step))
        for call in network.learn:
            call()
        self.curve.record(self.step, cost)
        self.step += 1


def check_memory(layout: Layout, examples: int, bytes_a_number: int) -> None:
    """Raises ``DocumentError`` where a batch is too large to be held, before any memory is taken."""
    numbers = sum(math.prod(node.shape) for node in layout.active) * examples
    needed = ARRAYS_A_LAYER * bytes_a_number * numbers
    if needed > MOST_BYTES:
        raise DocumentError(
            f"A batch of {examples:,} examples would need about {needed / 2**30:.0f} GB of memory:"
            " choose a smaller batch."
        )
