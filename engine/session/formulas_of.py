"""What the formula panel asks the worker: the numbers of an update with their formulas, past ones too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.core.expressions import Ref
from engine.core.problems import AxonError
from engine.following import Key, Way, way_of
from engine.formulas import Formulas
from engine.learned import Learned
from engine.network import Network
from engine.session.probes import Probe
from engine.timeline import Timeline
from engine.trace import Trace
from engine.trainer import Trainer


@dataclass(frozen=True, slots=True)
class FormulasOf(Probe):
    """One update: on one ``example`` of the data, or with ``None`` on the batch that training takes.

    ``update`` is its number counted from 0, ``None`` for the one that comes next. A past one is
    calculated anew from the nearest state that is kept, by a trainer of its own: the present one
    stands still. The answer is ``None`` where the timeline does not reach back so far.
    """

    example: int | None = None
    update: int | None = None

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Formulas | None:
        if self.update not in {None, trainer.step}:
            return None
        return self._made(trainer, trainer.learned)

    def answer_within(self, past: Timeline, networks: Callable[[int], Network]) -> Formulas | None:
        trainer, update = past.trainer, self.update
        if update is None or update == trainer.step:
            return self._made(trainer, trainer.learned)
        if not past.start <= update < trainer.step:
            return None
        kept = past.kept(update)
        if kept.step == update:
            return self._made(trainer, kept)
        again = Trainer(trainer.document, trainer.data, kept, dtype=trainer.store.dtype.type)
        again.advance(update - kept.step)
        return self._made(again, again.learned)

    def _made(self, trainer: Trainer, learned: Learned) -> Formulas:
        batch = trainer.batches.examples(learned.step)
        examples = batch if self.example is None else np.array([min(self.example, trainer.data.m - 1)])
        position = trainer.batches.position(learned.step)
        return Formulas(trainer.document, trainer.data, learned, examples, position, trainer.store.dtype.type)


@dataclass(frozen=True, slots=True, eq=False)
class WayOf(Probe):
    """The way of a number through the update of a trace, which nobody changes any more."""

    trace: Trace
    start: Ref
    chosen: Mapping[Key, Key] = field(default_factory=dict)
    example: int = 0

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Way | None:
        try:
            return way_of(self.trace, self.start, self.chosen, self.example)
        except (AxonError, KeyError):
            return None
