"""Sweeps: the same training many times, with another seed or another value of one knob.

One training proves little: whether XOR is learned depends on the first weights. A sweep trains the
document again and again from fresh weights, each time with one thing changed, and counts how often
the goal was reached. Every run is bit for bit the one that the window would train.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knobs
from engine.core.plan import Array
from engine.core.problems import AxonError, DocumentError, KnobError
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document import Document
from engine.document.edits import set_optimizer, set_training, set_units
from engine.evaluation import Evaluator
from engine.layers import layers
from engine.learned import fresh
from engine.optimizers import optimizers
from engine.trainer import Trainer

SEED, BATCH = "seed", "batch"
OPTIMIZER, UNITS = "optimizer.", "units."
"""What a knob of the optimizer, or the number of units of a layer, begins with."""
MOST_RUNS = 1000
MOST_UPDATES = 1_000_000
POINTS = 128
"""So many values of J are kept of each run, evenly spread."""
CHUNK = 64


@dataclass(frozen=True, slots=True)
class Knob:
    """Something that a sweep can vary: its name, what it is called, and whether its values are whole."""

    name: str
    title: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """What counts as success: J at most, or the share of right answers at least, ``bound``."""

    measure: str = "accuracy"
    """``accuracy`` or ``J``."""
    bound: float = 1.0

    def reached(self, J: float, accuracy: float | None) -> bool:
        """Whether a run with these figures reached it."""
        if self.measure == "J":
            return J <= self.bound
        return accuracy is not None and accuracy >= self.bound


@dataclass(frozen=True, slots=True, eq=False)
class SweepRun:
    """One training of a sweep that is over."""

    value: float
    updates: int
    """Updates done; fewer than wanted where it diverged."""
    steps: Array
    """The updates of which J is kept."""
    costs: Array
    J: float
    """After the last update, on all data."""
    accuracy: float | None
    success: bool
    problem: str = ""


def choices(document: Document) -> tuple[Knob, ...]:
    """What can be varied: the seed, the optimizer's numbers, the batch, the units of hidden layers."""
    found = [Knob(SEED, "Seed", True)]
    for each in knobs(type(optimizers.make(document.optimizer))):
        if each.type in {"float", "int"}:
            found.append(Knob(f"{OPTIMIZER}{each.name}", each.label, each.type == "int"))
    found.append(Knob(BATCH, "Batch size", True))
    for layer in document.layers:
        try:
            kind = layers.make(layer.spec)
        except AxonError:
            continue
        if kind.role not in {"input", "output"} and kind.sized:
            found.append(Knob(f"{UNITS}{layer.id}", f"Units of {layer.name or layer.id}", True))
    return tuple(found)


def varied(document: Document, knob: str, value: float) -> Document:
    """The document with one thing changed.

    Raises ``AxonError`` with one sentence where it cannot be.
    """
    if knob == SEED:
        return set_training(document, seed=int(value))
    if knob == BATCH:
        return set_training(document, batch_size=int(value))
    if knob.startswith(UNITS):
        return set_units(document, layer=knob.removeprefix(UNITS), units=int(value))
    name = knob.removeprefix(OPTIMIZER)
    known = {each.name: each for each in knobs(type(optimizers.make(document.optimizer)))}
    if name not in known:
        raise KnobError("The optimizer has no such number.")
    exact = int(value) if known[name].type == "int" else float(value)
    return set_optimizer(document, spec=document.optimizer.with_(**{name: exact}))


class Sweep:
    """Trains one run after the other, a slice at a time."""

    def __init__(
        self, document: Document, knob: str, values: Iterable[float], updates: int, goal: Goal
    ) -> None:
        self.values = tuple(values)
        if not self.values or len(self.values) > MOST_RUNS:
            raise DocumentError(f"A sweep has from 1 to {MOST_RUNS} runs.")
        if not 1 <= updates <= MOST_UPDATES:
            raise DocumentError(f"A run has from 1 to {MOST_UPDATES:,} updates.")
        self.documents = tuple(varied(document, knob, value) for value in self.values)
        self.updates, self.goal = updates, goal
        self.runs: list[SweepRun] = []
        self._trainer: Trainer | None = None
        self._chunk = CHUNK

    @property
    def complete(self) -> bool:
        """Whether all runs are over."""
        return len(self.runs) == len(self.values)

    @property
    def done(self) -> float:
        """The share of the updates that were done."""
        here = self._trainer.step if self._trainer is not None else 0
        return min(1.0, (len(self.runs) + here / self.updates) / len(self.values))

    def go_on(self, data: Data, seconds: float) -> bool:
        """Train for so long; whether all runs are over."""
        end = time.perf_counter() + seconds
        while not self.complete:
            if self._trainer is None:
                document = self.documents[len(self.runs)]
                try:
                    self._trainer = Trainer(document, data, fresh(document))
                except AxonError as error:
                    self._end(str(error))
                    continue
            trainer, begin = self._trainer, time.perf_counter()
            try:
                trainer.advance(min(self._chunk, self.updates - trainer.step))
            except AxonError as error:
                self._end(str(error))
            else:
                if trainer.step >= self.updates:
                    self._end()
            took = time.perf_counter() - begin
            self._chunk = max(1, min(4096, self._chunk * 2 if took < seconds / 4 else self._chunk // 2))
            if time.perf_counter() > end:
                break
        return self.complete

    def _end(self, problem: str = "") -> None:
        """The present run is over."""
        trainer, self._trainer = self._trainer, None
        value = self.values[len(self.runs)]
        if trainer is None:
            nothing = np.zeros(0)
            self.runs.append(SweepRun(value, 0, nothing, nothing, float("nan"), None, False, problem))
            return
        curve = trainer.curve.values
        steps = np.unique(np.linspace(0, max(0, len(curve) - 1), min(len(curve), POINTS)).round().astype(int))
        J, accuracy = float("nan"), None
        if not problem:
            classes = trainer.data.task is not Task.REGRESSION
            found = Evaluator(trainer.data, trainer.store).of(metrics=("accuracy",) if classes else ())
            J = found.J
            share = found.metrics.get("accuracy")
            accuracy = None if share is None else float(share)
        success = not problem and self.goal.reached(J, accuracy)
        self.runs.append(SweepRun(value, trainer.step, steps, curve[steps], J, accuracy, success, problem))
