"""The trainer: one update after the other, synchronous and without a thread.

An update depends only on the parameters, the optimizer's memory and the update's number.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.batches import Position
from engine.core.plan import Array, Phase
from engine.core.problems import DivergenceError
from engine.curve import Curve
from engine.datasets import Data
from engine.document import Document
from engine.feeding import Feeding
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network, fit_problem
from engine.optimizers import optimizers
from engine.parameters import ParameterStore, precision
from engine.procedures import procedures

Callables = tuple[Callable[[], object], ...]


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
        self._networks: dict[tuple[int, int], Network] = {}
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
        if self.feeding.always_same:
            self._advance_whole(updates)
            return
        batches, feeding = self.batches, self.feeding
        for _ in range(updates):
            epoch, batch = divmod(self.step, batches.count)
            X, Y = self._epoch(epoch)
            columns = batches.columns(batch)
            X, Y = X[:, columns], Y[:, columns]
            if not feeding.plain:
                prepared = feeding.prepared(X, Y, self.step)
                X, Y = prepared.X, prepared.Y
            network = self.network(X.shape[1], feeding.turn(self.step))
            network.feed(X, Y)
            self._run(network)

    def network(self, examples: int, turn: int = 0) -> Network:
        """The network compiled for batches of that size and one turn of the procedure."""
        key = (examples, turn)
        if key not in self._networks:
            made = Network(self.store, examples, turn=turn)
            self._networks[key] = made
            self._calls[id(made)] = (
                made.calls(Phase.FORWARD, Phase.LOSS),
                made.calls(Phase.BACKWARD, Phase.UPDATE),
            )
        return self._networks[key]

    def _epoch(self, epoch: int) -> tuple[Array, Array]:
        """The data in the order of an epoch; gathered once, so that a batch is a slice."""
        if not self.document.training.shuffle:
            epoch = 0
        if self._ordered is None or self._ordered[0] != epoch:
            order = self.batches.order(epoch)
            whole = len(order) == self.data.m and not self.document.training.shuffle
            X, Y = self.data.X, self.feeding.Y
            self._ordered = (epoch, X, Y) if whole else (epoch, X[:, order], Y[:, order])
        return self._ordered[1], self._ordered[2]

    def _advance_whole(self, updates: int) -> None:
        network = self.network(self.batches.m)
        if self._fed is not network:
            network.feed(*self._epoch(0))
            self._fed = network
        for _ in range(updates):
            self._run(network)

    def _run(self, network: Network) -> None:
        measure, learn = self._calls[id(network)]
        network.plan.step = self.step
        for call in measure:
            call()
        cost = network.J
        if not math.isfinite(cost):
            raise DivergenceError(divergence(network, self.step))
        for call in learn:
            call()
        self.curve.record(self.step, cost)
        self.step += 1


def divergence(network: Network, step: int) -> str:
    """What went wrong where J is no finite number: the layer, the update and the likely cause."""
    J = network.J
    said = "is not a number" if math.isnan(J) else "grew beyond all bounds"
    found = next((each for each in network.layout.active if not _finite(network, each.layer.id)), None)
    where = ""
    if found is not None:
        where = f", first in layer {found.label} '{found.layer.name or found.layer.id}'"
    rate = getattr(optimizers.make(network.layout.document.optimizer), "learning_rate", None)
    cause = f" The learning rate {rate:g} is probably too large." if isinstance(rate, float) else ""
    stopped = f"Training stopped at update {step + 1}: the loss J {said}{where}."
    return f"{stopped}{cause} The last good state is kept."


def _finite(network: Network, layer: str) -> bool:
    return bool(np.isfinite(network.places[layer].a).all())
