"""Since when dead units are dead: the census of now, followed back through the past of the training."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from engine.census import MOST_EXAMPLES, LayerCensus, census
from engine.core.plan import Array
from engine.learned import Learned
from engine.network import Network
from engine.session.probes import Probe
from engine.trainer import Trainer

SECONDS = 0.03
"""How long one answer may take."""
MOST_UPDATES = 4096
"""A stretch between two kept states that is longer is not walked through again."""

Unit = tuple[str, int]
"""A unit: its layer, and its number counted from 0."""


@dataclass(frozen=True, slots=True)
class Death:
    """Alive after ``alive`` updates (``None``: at no time that is known), dead after ``dead`` of them."""

    alive: int | None
    dead: int

    @property
    def exact(self) -> bool:
        """Whether the very update is known."""
        return self.alive is not None and self.dead == self.alive + 1


@dataclass(frozen=True, slots=True, eq=False)
class Census:
    """The hidden layers after ``step`` updates, on ``m`` examples."""

    step: int = 0
    m: int = 0
    layers: tuple[LayerCensus, ...] = ()
    deaths: Mapping[Unit, Death] = field(default_factory=dict)
    """For every dead unit since when, as far as it is known."""
    start: int = 0
    """The earliest update that could be looked at."""
    complete: bool = True


class Past(Protocol):
    """Where earlier states of a trainer can be had: its timeline."""

    trainer: Trainer
    start: int

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """The updates of which a state is kept."""

    def kept(self, step: int) -> Learned:
        """The state of the last checkpoint at or before a step."""


class Mortality:
    """Looks back, slice by slice: first at the states that are kept, then at every update in between.

    It belongs to the worker's thread and works on a trainer of its own; the one that trains never notices.
    """

    def __init__(self) -> None:
        self._of: weakref.ref[Trainer] | None = None
        self._shadow: Trainer | None = None
        self._network: Network | None = None
        self._X: Array = np.zeros((0, 0))
        self._dead: dict[int, frozenset[Unit]] = {}
        """Who is dead after so many updates."""
        self._walked: set[tuple[int, int]] = set()

    def answer(self, past: Past, networks: Callable[[int], Network], seconds: float) -> Census:
        """The census of now, with the deaths as far as they are known by the end of the time."""
        trainer = past.trainer
        if self._of is None or self._of() is not trainer:
            self._begin(trainer)
        layers = self._census_of(networks(self._X.shape[1]))
        now = _dead_of(layers)
        self._dead[trainer.step] = now
        end = time.perf_counter() + seconds
        complete = not now or self._look_back(past, now, end)
        deaths = {unit: self._death(unit, trainer.step) for unit in now}
        return Census(trainer.step, self._X.shape[1], layers, deaths, past.start, complete)

    def _begin(self, trainer: Trainer) -> None:
        """Another training: what is known is of the one before."""
        self._of, self._shadow, self._network = weakref.ref(trainer), None, None
        self._X = _examples(trainer)
        self._dead, self._walked = {}, set()

    def _census_of(self, network: Network) -> tuple[LayerCensus, ...]:
        network.feed(self._X)
        network.forward()
        return census(network)

    def _death(self, unit: Unit, step: int) -> Death:
        """The last time that it was seen alive, and the first that it was seen dead since."""
        first = step
        for at in sorted((at for at in self._dead if at <= step), reverse=True):
            if unit not in self._dead[at]:
                return Death(at, first)
            first = at
        return Death(None, first)

    def _look_back(self, past: Past, dead: frozenset[Unit], end: float) -> bool:
        """Whether there is nothing left to find out."""
        step = past.trainer.step
        places = [at for at in past.checkpoints if at < step]
        waiting = set(dead)
        for at in reversed(places):
            if at not in self._dead:
                if time.perf_counter() > end:
                    return False
                self._dead[at] = self._dead_at(past, at)
            waiting &= self._dead[at]
            if not waiting:
                break
        for unit in sorted(dead):
            death = self._death(unit, step)
            if death.alive is not None and not death.exact and not self._walk(past, death, end):
                return False
        return True

    def _walk(self, past: Past, death: Death, end: float) -> bool:
        """Every update between two states; ``False`` when the time is up."""
        assert death.alive is not None
        stretch = (death.alive, death.dead)
        if stretch in self._walked or death.dead - death.alive > MOST_UPDATES:
            return True
        shadow, network = self._second(past)
        state = past.kept(death.alive)
        if not state.step <= shadow.step < death.dead:
            shadow.load(state)
        while shadow.step < death.dead:
            if shadow.step > death.alive and shadow.step not in self._dead:
                self._dead[shadow.step] = _dead_of(self._census_of(network))
            if time.perf_counter() > end:
                return False
            shadow.advance()
        self._walked.add(stretch)
        return True

    def _dead_at(self, past: Past, step: int) -> frozenset[Unit]:
        shadow, network = self._second(past)
        shadow.load(past.kept(step))
        return _dead_of(self._census_of(network))

    def _second(self, past: Past) -> tuple[Trainer, Network]:
        if self._shadow is None or self._network is None:
            trainer = past.trainer
            dtype = trainer.store.dtype.type
            self._shadow = Trainer(trainer.document, trainer.data, past.kept(past.start), dtype=dtype)
            self._network = Network(self._shadow.store, self._X.shape[1], learns=False)
        return self._shadow, self._network


@dataclass(frozen=True, slots=True, eq=False)
class Counting(Probe):
    """The census; asked again until it is complete."""

    mortality: Mortality
    seconds: float = SECONDS

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Census:
        """Without a past only who is dead."""
        X = _examples(trainer)
        network = networks(X.shape[1])
        network.feed(X)
        network.forward()
        layers = census(network)
        deaths = {unit: Death(None, trainer.step) for unit in _dead_of(layers)}
        return Census(trainer.step, X.shape[1], layers, deaths, trainer.step)

    def answer_within(self, past: Past, networks: Callable[[int], Network]) -> Census:
        """With since when, as far as it is known."""
        return self.mortality.answer(past, networks, self.seconds)


def _examples(trainer: Trainer) -> Array:
    return trainer.inputs(np.arange(min(trainer.data.m, MOST_EXAMPLES)))


def _dead_of(layers: tuple[LayerCensus, ...]) -> frozenset[Unit]:
    return frozenset((each.layer, int(unit)) for each in layers for unit in np.flatnonzero(each.dead))
