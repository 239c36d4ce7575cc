"""The trainer: one update after the other, synchronous and without a thread.

An update depends only on the parameters, the optimizer's memory and the update's number.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.batches import Batches, Position
from engine.core.plan import Array, Phase
from engine.core.problems import DivergenceError
from engine.curve import Curve
from engine.datasets import Data
from engine.document import Document
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network, fit_problem
from engine.optimizers import optimizers
from engine.parameters import ParameterStore

Callables = tuple[Callable[[], object], ...]


class Trainer:
    """Trains a document on data from where ``learned`` left off.

    Raises ``DocumentError`` where network and data do not fit together. ``curve`` holds J of
    every update, measured before the weights change.
    """

    def __init__(self, document: Document, data: Data, learned: Learned, *, dtype: type = np.float64) -> None:
        self.document = document
        self.data = data
        self.layout = Layout(document)
        problem = fit_problem(self.layout, data.n, data.k)
        if problem is not None:
            raise problem
        self.store = ParameterStore(self.layout, dtype)
        self.batches = Batches(data.m, document.training)
        self.curve = Curve(learned.step)
        self._networks: dict[int, Network] = {}
        self._calls: dict[int, tuple[Callables, Callables]] = {}
        self._fed: Network | None = None
        self._ordered: tuple[int, Array, Array] | None = None
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

    def advance(self, updates: int = 1) -> None:
        """Do some updates.

        Raises ``DivergenceError`` as soon as J is not a finite number; the weights and the memory
        are then those that gave that J, and the update is not counted.
        """
        with np.errstate(all="ignore"):
            self._advance(updates)

    def _advance(self, updates: int) -> None:
        if self.batches.always_all:
            self._advance_whole(updates)
            return
        batches = self.batches
        for _ in range(updates):
            epoch, batch = divmod(self.step, batches.count)
            X, Y = self._epoch(epoch)
            columns = batches.columns(batch)
            network = self.network(min(batches.size, self.data.m - columns.start))
            network.feed(X[:, columns], Y[:, columns])
            self._run(network)

    def network(self, examples: int) -> Network:
        """The network compiled for batches of that size."""
        if examples not in self._networks:
            made = Network(self.store, examples)
            self._networks[examples] = made
            self._calls[examples] = (
                made.calls(Phase.FORWARD, Phase.LOSS),
                made.calls(Phase.BACKWARD, Phase.UPDATE),
            )
        return self._networks[examples]

    def _epoch(self, epoch: int) -> tuple[Array, Array]:
        """The data in the order of an epoch; gathered once, so that a batch is a slice."""
        if not self.document.training.shuffle:
            return self.data.X, self.data.Y
        if self._ordered is None or self._ordered[0] != epoch:
            order = self.batches.order(epoch)
            self._ordered = (epoch, self.data.X[:, order], self.data.Y[:, order])
        return self._ordered[1], self._ordered[2]

    def _advance_whole(self, updates: int) -> None:
        network = self.network(self.data.m)
        if self._fed is not network:
            network.feed(self.data.X, self.data.Y)
            self._fed = network
        for _ in range(updates):
            self._run(network)

    def _run(self, network: Network) -> None:
        measure, learn = self._calls[network.m]
        for call in measure:
            call()
        cost = network.J
        if not math.isfinite(cost):
            raise DivergenceError(self._divergence(cost))
        for call in learn:
            call()
        self.curve.record(self.step, cost)
        self.step += 1

    def _divergence(self, cost: float) -> str:
        said = "is not a number" if math.isnan(cost) else "grew beyond all bounds"
        rate = getattr(optimizers.make(self.document.optimizer), "learning_rate", None)
        cause = f" The learning rate {rate:g} is probably too large." if isinstance(rate, float) else ""
        stopped = f"Training stopped at update {self.step + 1}: the loss J {said}."
        return f"{stopped}{cause} The last good state is kept."
