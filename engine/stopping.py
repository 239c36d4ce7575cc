"""Stopping: train until enough is enough, and go back to the state that generalised best.

    from engine.stopping import fit, loss_below

    report = fit(trainer, epochs=500, until=loss_below(0.01))
    print(report.reason)

With examples held out, their loss is measured after every epoch. With ``patience`` in the
document's training the run stops once that loss has not become better for so many epochs, and
the best state comes back. Everything but ``time_limit`` gives the same bits every time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from engine.core.plan import Array
from engine.core.problems import DataError
from engine.evaluation import Evaluation, Evaluator
from engine.learned import Learned
from engine.timeline import Timeline
from engine.trainer import Trainer


@dataclass(eq=False)
class Progress:
    """How far a run has come; what rules and the progress callback look at."""

    trainer: Trainer
    updates: int
    """Updates done in this run."""
    seconds: float
    held_out: Evaluator
    learned_from: Evaluator

    @property
    def step(self) -> int:
        """The number of updates done in the whole training."""
        return self.trainer.step

    @property
    def epoch(self) -> int:
        """The number of epochs done in the whole training."""
        return self.trainer.step // self.trainer.batches.count

    @cached_property
    def validation(self) -> Evaluation | None:
        """Loss and usual metrics on the held-out examples; ``None`` if there are none."""
        examples = self.trainer.batches.held_out
        return self.held_out.of(examples) if len(examples) else None

    @cached_property
    def training(self) -> Evaluation:
        """Loss and usual metrics on the examples that are learned from, with their noisy labels."""
        return self.learned_from.of(self.trainer.batches.chosen)

    @property
    def measured(self) -> Evaluation:
        """``validation`` if there is one, else ``training``."""
        return self.validation or self.training


Rule = Callable[[Progress], str]
"""Says in one sentence why a run should stop; an empty text if it should go on."""


def loss_below(bound: float) -> Rule:
    """Stop as soon as the loss, of the held-out examples if there are any, is below a bound."""

    def rule(progress: Progress) -> str:
        J = progress.measured.J
        return f"The loss {J:.4g} is below {bound:g}." if bound > J else ""

    return rule


def accuracy_above(bound: float) -> Rule:
    """Stop as soon as the accuracy, on the held-out examples if there are any, is above a bound.

    Raises ``DataError`` where nothing is put into classes.
    """

    def rule(progress: Progress) -> str:
        accuracy = progress.measured.metrics.get("accuracy")
        if not isinstance(accuracy, float):
            raise DataError("There is no accuracy to stop at: the data has no classes.")
        return f"The accuracy {accuracy:.1%} is above {bound:.1%}." if accuracy > bound else ""

    return rule


def time_limit(seconds: float) -> Rule:
    """Stop at the end of the epoch in which so many seconds are over."""
    return lambda progress: f"{seconds:g} seconds are over." if progress.seconds >= seconds else ""


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The state with the smallest loss on the held-out examples."""

    loss: float
    epoch: int
    learned: Learned


@dataclass
class EarlyStopping:
    """Stops after ``patience`` epochs in which the loss of the held-out examples became no better.

    It remembers from run to run, so that training in portions, each with the same object, stops where
    training at once does. A loss that is not a number is not better. Source: Prechelt, *Early
    stopping, but when?*, 1998.
    """

    patience: int
    best: Best | None = None
    waited: int = 0
    """Epochs since the best."""
    stops: bool = False
    """Whether it has just said stop."""
    _seen: int = field(default=-1, repr=False)

    def __call__(self, progress: Progress) -> str:
        if progress.validation is None:
            raise DataError(
                "Early stopping looks at examples that are held out, and there are none: hold some out,"
                " or switch it off."
            )
        self.stops = False
        if progress.step == self._seen:
            return ""
        self._seen = progress.step
        loss = progress.validation.J
        if self.best is None or loss < self.best.loss or math.isnan(self.best.loss) > math.isnan(loss):
            self.best = Best(loss, progress.epoch, progress.trainer.learned)
            self.waited = 0
            return ""
        self.waited += 1
        if self.waited < self.patience:
            return ""
        self.waited, self.stops = 0, True
        return (
            f"Stopped early after epoch {progress.epoch}: the validation loss was not better for"
            f" {self.patience} epoch{'s' * (self.patience != 1)}. Back to epoch {self.best.epoch}, where it"
            f" was {self.best.loss:.4g}."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What came of a run."""

    updates: int
    """Updates done, also those that early stopping took back."""
    reason: str
    """Why it ended, in one sentence."""
    early: bool
    """Whether early stopping ended it, so that the trainer stands at the best state."""
    best: Best | None
    """The best state on the held-out examples, if early stopping watched."""
    curve: tuple[Array, Array]
    """The validation loss: update numbers and values, from the state it began with; empty without
    held-out examples."""


def fit(
    training: Trainer | Timeline,
    *,
    updates: int | None = None,
    epochs: int | None = None,
    until: Rule | Sequence[Rule] = (),
    stopping: EarlyStopping | None = None,
    progress: Callable[[Progress], object] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Report:
    """Train for so many updates or epochs, or until a rule says stop.

    The rules are asked at the beginning and after the last batch of every epoch, and ``progress`` is
    called then. ``stopping`` is by default what the document's training says. Raises
    ``DivergenceError`` as the trainer does, ``DataError`` for early stopping without held-out
    examples, and ``ValueError`` if nothing says when to stop.
    """
    timeline = training if isinstance(training, Timeline) else None
    trainer = training.trainer if isinstance(training, Timeline) else training
    patience = trainer.document.training.patience
    if stopping is None and patience is not None:
        stopping = EarlyStopping(patience)
    rules: list[Rule] = [until] if callable(until) else list(until)
    rules = rules if stopping is None else [stopping, *rules]
    if updates is None and epochs is None and not rules:
        raise ValueError("Say how many updates or epochs, or until when.")
    count, start, began = trainer.batches.count, trainer.step, clock()
    goals = [start + updates] if updates is not None else []
    goals += [start + epochs * count] if epochs is not None else []
    goal = min(goals, default=None)
    learned_from = Evaluator(replace(trainer.data, Y=trainer.feeding.Y), trainer.store)
    held_out = Evaluator(trainer.data, trainer.store)
    curve: list[tuple[int, float]] = []

    def look() -> str:
        """Measure; why to stop, if a rule says so."""
        now = Progress(trainer, trainer.step - start, clock() - began, held_out, learned_from)
        if now.validation is not None:
            curve.append((now.step, now.validation.J))
        if progress is not None:
            progress(now)
        said = (rule(now) for rule in rules)
        return next((each for each in said if each), "")

    said = look()
    while not said and (goal is None or trainer.step < goal):
        end = (trainer.step // count + 1) * count
        (timeline or trainer).advance((end if goal is None else min(end, goal)) - trainer.step)
        if trainer.step == end:
            said = look()
    done, best = trainer.step - start, None if stopping is None else stopping.best
    early = stopping is not None and stopping.stops
    if early and best is not None:
        trainer.load(best.learned)
    if not said:
        said = f"All {done:,} updates are done." if done != 1 else "The update is done."
    steps, values = np.array([each for each, _ in curve], int), np.array([each for _, each in curve])
    return Report(done, said, early, best, (steps, values))
