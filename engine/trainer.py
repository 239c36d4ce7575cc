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
from engine.procedures import Batch, procedures
from engine.procedures.compiled import Ahead

MOST_BYTES = 6 * 2**30
"""A batch that needs more memory than this is refused."""
ARRAYS_A_LAYER = 5
"""About how many arrays of its output's size a layer has: z, a, da, dz and one more."""

GATHERED = 1 << 20
"""About how many bytes of examples are put in the order of an epoch at once."""


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
        self._fed: dict[Network, Batch] = {}
        self._always: tuple[Network, ...] = ()
        self._rows = np.ascontiguousarray(self.feeding.X.T), np.ascontiguousarray(self.feeding.Y.T)
        self._ordered: tuple[int, int, Array, Array, list[slice]] | None = None
        row = sum(each.itemsize * each.shape[1] for each in self._rows)
        self._at_once = max(1, GATHERED // (row * self.batches.size)) * len(self.feeding.turns)
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
        goal, ahead = self.step + updates, None
        if self.feeding.always_same:
            networks = self._always or self._fed_for_good()
            while self.step < goal:
                ahead = self._run(networks[self.step % len(networks)], ahead)
            return
        batches, one_by_one = self.batches, self._one_by_one
        while self.step < goal:
            epoch, batch = divmod(self.step, batches.count)
            X, Y, following = self._gathered(epoch, batch)
            for columns in following[: goal - self.step]:
                x, y = X[:, columns], Y[:, columns]
                network = self._prepared(x, y) if one_by_one else self._fed_with(x, y)
                ahead = self._run(network, ahead)

    def _fed_for_good(self) -> tuple[Network, ...]:
        """A network for every turn, fed with what it sees in all updates."""
        X, Y, _ = self._gathered(0, 0)
        turns = range(len(self.feeding.turns))
        fed = [self.feeding.prepared(X, Y, turn) for turn in turns]
        self._always = tuple(self._fed_with(fed[turn].X, fed[turn].Y, turn) for turn in turns)
        return self._always

    def _fed_with(self, X: Array, Y: Array, turn: int = 0) -> Network:
        """The network for so many examples, fed with them."""
        network = self._networks.get((X.shape[1], turn)) or self.network(X.shape[1], turn)
        network.feed(X, Y)
        return network

    def _prepared(self, X: Array, Y: Array) -> Network:
        """The network fed with what augmentation and procedure make of the examples."""
        batch, turn = self.feeding.prepared(X, Y, self.step), self.feeding.turn(self.step)
        network = self._networks.get((batch.X.shape[1], turn)) or self.network(batch.X.shape[1], turn)
        if self._fed.get(network) is not batch:
            network.feed(batch.X, batch.Y)
            self._fed[network] = batch
        return network

    def network(self, examples: int, turn: int = 0) -> Network:
        """The network compiled for batches of that size and one turn of the procedure."""
        key = (examples, turn)
        if key not in self._networks:
            check_memory(self.layout, examples, self.store.dtype.itemsize)
            made = self._networks[key] = Network(self.store, examples, turn=turn)
            if made.ahead is not None:
                second = made.ahead.network
                self._networks[second.m, second.turn] = second
        return self._networks[key]

    def _gathered(self, epoch: int, batch: int) -> tuple[Array, Array, list[slice]]:
        """Examples of some batches of an epoch, and where in them lie this batch and those that follow.

        What is shuffled is gathered for as many batches at once as take up ``GATHERED`` bytes, so that
        a batch is a slice: with the examples as rows, which is several times as fast.
        """
        shuffled, (X, Y) = self.document.training.shuffle, self._rows
        epoch, count = (epoch, self._at_once) if shuffled else (0, self.batches.count)
        first = batch // count * count
        if self._ordered is None or self._ordered[:2] != (epoch, first):
            columns = self._columns[first : first + count]
            start, end = columns[0].start, columns[-1].stop
            order = self.batches.order(epoch)[start:end]
            if shuffled or len(order) < len(X):
                X, Y = X[order], Y[order]
            shifted = [slice(each.start - start, each.stop - start) for each in columns]
            self._ordered = (epoch, first, X.T, Y.T, shifted)
        _, _, X, Y, columns = self._ordered
        return X, Y, columns[batch - first :]

    def _run(self, network: Network, ahead: Ahead[Network] | None) -> Ahead[Network] | None:
        """One update, of which the one just before has done something ahead; what it does itself."""
        network.plan.step = self.step
        for call in network.measure if ahead is None or ahead.network is not network else ahead.measure:
            call()
        cost = network.J
        if not isfinite(cost):
            raise DivergenceError(divergence(network, self.step))
        for call in network.learn:
            call()
        self.curve.record(self.step, cost)
        self.step += 1
        return network.ahead


def check_memory(layout: Layout, examples: int, bytes_a_number: int) -> None:
    """Raises ``DocumentError`` where a batch is too large to be held, before any memory is taken."""
    numbers = sum(math.prod(node.shape) for node in layout.active) * examples
    needed = ARRAYS_A_LAYER * bytes_a_number * numbers
    if needed > MOST_BYTES:
        raise DocumentError(
            f"A batch of {examples:,} examples would need about {needed / 2**30:.0f} GB of memory:"
            " choose a smaller batch."
        )
