"""Probes: frozen questions to the running network, answered between two updates.

A probe captures all it needs and runs in the worker; its answer is frozen. A panel that shows
something new brings its own probe; the worker does not know what it asks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.batches import Position
from engine.core.plan import Array
from engine.curve import Curve
from engine.kept import look_through
from engine.learned import Learned
from engine.network import Network
from engine.timeline import Timeline
from engine.trace import Trace
from engine.trainer import Trainer


class Probe(ABC):
    """A question about a trainer's present state."""

    sparing: ClassVar[bool] = False
    """Whether it looks to its own time; others are asked the more rarely the longer they take."""

    @abstractmethod
    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> object:
        """The answer; ``networks(m)`` gives a forward-only network for m examples."""

    def answer_within(self, past: Timeline, networks: Callable[[int], Network]) -> object:
        """The answer of a probe that looks back too; ``past`` is the trainer's timeline."""
        return self.answer(past.trainer, networks)


def run_on(example: int, trainer: Trainer, networks: Callable[[int], Network]) -> Network:
    """A network after its forward pass for one example of the data, or the last one if there are fewer."""
    network = networks(1)
    network.feed(trainer.inputs(np.array([min(example, trainer.data.m - 1)]))[:, :1])
    network.forward()
    return network


@dataclass(frozen=True, slots=True)
class UnitsOfExample(Probe):
    """z and a of every unit for one example of the data (counted from 0)."""

    example: int

    def answer(
        self, trainer: Trainer, networks: Callable[[int], Network]
    ) -> Mapping[str, Mapping[str, Array]]:
        """For every active layer ``{"z": (n,), "a": (n,)}``; an input layer has only a."""
        network = run_on(self.example, trainer, networks)
        found: dict[str, dict[str, Array]] = {}
        for (owner, name), array in network.plan.arrays.items():
            if name in {"z", "a"} and owner in network.places:
                found.setdefault(owner, {})[name] = array[..., 0].copy()
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Outputs(Probe):
    """The outputs of some layers (all active ones if none is named) for given inputs X (n, m)."""

    X: Array
    layers: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ("a",)

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Mapping[tuple[str, str], Array]:
        """For each (layer, array) an (n, m) array; empty if X has not the input's size."""
        if self.X.shape[0] != trainer.features:
            return {}
        network = networks(self.X.shape[1])
        network.feed(self.X)
        network.forward()
        return {
            (owner, name): array.copy()
            for (owner, name), array in network.plan.arrays.items()
            if name in self.arrays and owner in network.places and (not self.layers or owner in self.layers)
        }


@dataclass(frozen=True, slots=True)
class OnData(Probe):
    """Arrays of layers for the examples of the data, at most ``limit`` of them."""

    layers: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ("z", "a")
    limit: int = 2000

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Mapping[tuple[str, str], Array]:
        """As ``Outputs``, on the data's own examples."""
        examples = np.arange(min(trainer.data.m, self.limit))
        X = trainer.inputs(examples)[:, : len(examples)]
        return Outputs(X, self.layers, self.arrays).answer(trainer, networks)


@dataclass(frozen=True, slots=True)
class Tracing(Probe):
    """The next update step by step: on the batch that training would take, or on one example."""

    example: int | None = None

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Trace:
        """The trace, with the position of its update."""
        batch = trainer.batches.examples(trainer.step)
        examples = batch if self.example is None else np.array([self.example])
        trace = Trace(
            trainer.document,
            trainer.data,
            trainer.learned,
            examples,
            trainer.position,
            trainer.store.dtype.type,
        )
        for section in trace.sections:  # found once a layer and phase: here, so that the window need not wait
            moment = section.moments[0]
            trace.number_of(section.owner, moment.array, moment.index, section.example)
        if self.example is None:
            look_through(trace)
        return trace


@dataclass(frozen=True, slots=True)
class State(Probe):
    """All that was learned, for saving; answered also where the network cannot be trained.

    The worker adds the tree of runs and the number of the present one.
    """

    def answer(
        self, trainer: Trainer, networks: Callable[[int], Network]
    ) -> tuple[Learned, Curve, Position | None]:
        """Learned numbers, the loss curve, and where the next update stands."""
        return trainer.learned, trainer.curve.copy(), trainer.position
