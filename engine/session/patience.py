"""Early stopping while the worker trains: the same rule as in scripts, asked at the end of every epoch."""

from __future__ import annotations

import time
import weakref
from dataclasses import replace

from engine.core.problems import AxonError
from engine.evaluation import Evaluator
from engine.stopping import EarlyStopping, Progress
from engine.trainer import Trainer


class Patience:
    """Looks after the held-out examples of one trainer; it changes nothing of the training itself."""

    def __init__(self) -> None:
        self._of: weakref.ref[Trainer] | None = None
        self._rule: EarlyStopping | None = None
        self._held_out: Evaluator | None = None
        self._learned_from: Evaluator | None = None
        self._last = 0

    def until(self, trainer: Trainer, goal: int) -> int:
        """How far to train before ``asked``: to the end of the epoch, if anybody looks there."""
        if trainer.document.training.patience is None or not len(trainer.batches.held_out):
            return goal
        count = trainer.batches.count
        return min(goal, (trainer.step // count + 1) * count)

    def asked(self, trainer: Trainer) -> tuple[str, int] | None:
        """Why to stop, and the step of the best state; ``None`` if training is to go on."""
        patience = trainer.document.training.patience
        if patience is None or not len(trainer.batches.held_out) or trainer.step % trainer.batches.count:
            return None
        if self._of is None or self._of() is not trainer or self._rule is None or trainer.step < self._last:
            self._begin(trainer, patience)
        assert self._rule is not None and self._held_out is not None and self._learned_from is not None
        self._last = trainer.step
        now = Progress(trainer, 0, time.perf_counter(), self._held_out, self._learned_from)
        try:
            said = self._rule(now)
        except AxonError:
            return None
        return (said, self._rule.best.learned.step) if said and self._rule.best is not None else None

    def _begin(self, trainer: Trainer, patience: int) -> None:
        """Another training, or one that was gone back in: what was best then does not count any more."""
        self._of, self._rule = weakref.ref(trainer), EarlyStopping(patience)
        self._held_out = Evaluator(trainer.data, trainer.store)
        self._learned_from = Evaluator(replace(trainer.data, Y=trainer.feeding.Y), trainer.store)
