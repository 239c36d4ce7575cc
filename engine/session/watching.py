"""Watching: training update by update as long as breakpoints are set, to stand still at the right one.

It only looks between updates, so the numbers of the training are the same with it and without.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.breakpoints import Breakpoint, Now, breakpoints
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.network import Network
from engine.session.patience import Patience
from engine.timeline import Timeline
from engine.trainer import Trainer

MOST_NUMBERS = 2_000_000
"""About so many numbers of outputs are calculated at once."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An update after which training stopped at a breakpoint."""

    number: int
    """Counts the hits of a session, so that each is told once."""
    step: int
    """Updates done: the training stands right after this update, counted from 1."""
    sentence: str
    specs: tuple[Spec, ...]
    """The breakpoints that were hit, by that update."""


class Watching:
    """The breakpoints of a worker, and what they saw last."""

    def __init__(self) -> None:
        self.hit: Hit | None = None
        """The last one."""
        self._asked: tuple[Breakpoint, ...] = ()
        self._fit: tuple[Breakpoint, ...] = ()
        self._trainer: Trainer | None = None
        self._step = -1
        self._seen: dict[Breakpoint, Any] = {}
        self._networks: dict[int, Network] = {}
        self._hits = 0
        self.rewind: int | None = None
        """The step to go back to after the last stop: that of the best state, where patience was over."""
        self._patience = Patience()

    def watch_for(self, specs: Sequence[Spec]) -> None:
        """Other breakpoints; raises ``AxonError`` for one that there is not."""
        self._asked = ()
        self._asked = tuple(dict.fromkeys(breakpoints.make(each) for each in specs))
        self._settle()

    def follow(self, trainer: Trainer | None) -> None:
        """Another trainer is at work: nothing that was seen counts any more."""
        self._trainer = trainer
        self._networks.clear()
        self._seen.clear()
        self._step = -1
        self._settle()

    def forget(self) -> None:
        """Another project begins: without breakpoints."""
        self.hit, self._asked, self._fit = None, (), ()

    def advance(self, timeline: Timeline, updates: int) -> bool:
        """Do some updates, fewer if a breakpoint is hit or patience is over on the way; whether it was so.

        Raises ``DivergenceError`` as the timeline does.
        """
        trainer, self.rewind = timeline.trainer, None
        goal = trainer.step + updates
        self._patience.asked(trainer)
        while trainer.step < goal:
            if self._advance(timeline, self._patience.until(trainer, goal) - trainer.step):
                return True
            over = self._patience.asked(trainer)
            if over is not None:
                sentence, self.rewind = over
                self._hits += 1
                self.hit = Hit(self._hits, trainer.step, sentence, ())
                return True
        return False

    def _advance(self, timeline: Timeline, updates: int) -> bool:
        if not self._fit:
            timeline.advance(updates)
            return False
        trainer = timeline.trainer
        self._look_first(trainer)
        for _ in range(updates):
            timeline.advance(1)
            now = self._now(trainer, trainer.store.gradients)
            after = {each: each.look(now, self._seen[each]) for each in self._fit}
            said = {each: each.check(self._seen[each], after[each], now) for each in self._fit}
            self._seen, self._step = after, trainer.step
            if any(said.values()):
                self._stop(trainer.step, {each: text for each, text in said.items() if text})
                return True
        return False

    def diverged(self, sentence: str, timeline: Timeline) -> None:
        """J is no longer a finite number: that is a hit, whether or not anything was asked for.

        "Before it" is the state in which J was lowest, for from there on it grew.
        """
        trainer, start = timeline.trainer, timeline.start
        known = trainer.curve.values[start - trainer.curve.start : trainer.step - trainer.curve.start]
        best = start + len(known) - 1 - int(np.argmin(known[::-1])) if len(known) else trainer.step
        self._hits += 1
        self.hit = Hit(self._hits, best + 1, sentence, ())

    # ---------------------------------------------------------------- within

    def _settle(self) -> None:
        """Leave out what cannot happen in the present network."""
        if self._trainer is None:
            self._fit = ()
            return
        layout, data = self._trainer.layout, self._trainer.data
        asked = (each for each in self._asked if not each.walks)
        self._fit = tuple(each for each in asked if not each.unfit(layout, data))
        self._seen = {each: seen for each, seen in self._seen.items() if each in self._fit}

    def _look_first(self, trainer: Trainer) -> None:
        """See the state before the first update, unless it was seen when it came about."""
        if trainer.step != self._step:
            self._seen.clear()
        new = tuple(each for each in self._fit if each not in self._seen)
        if new:
            now = self._now(trainer, None)
            self._seen.update({each: each.look(now, None) for each in new})
        self._step = trainer.step

    def _stop(self, step: int, said: dict[Breakpoint, str]) -> None:
        self._hits += 1
        sentence = f"Update {step:,}: {' Also: '.join(dict.fromkeys(said.values()))}"
        self.hit = Hit(self._hits, step, sentence, tuple(each.spec for each in said))

    def _now(self, trainer: Trainer, gradients: dict[str, Array] | None) -> Now:
        last = trainer.step - 1 - trainer.curve.start
        return Now(
            step=trainer.step,
            epoch=trainer.batches.count,
            J=float(trainer.curve.values[last]) if 0 <= last < len(trainer.curve) else None,
            layout=trainer.layout,
            data=trainer.data,
            parameters=trainer.store.parameters,
            gradients=gradients,
            readings=self._readings(trainer),
        )

    def _readings(self, trainer: Trainer) -> dict[Breakpoint, Array]:
        """One forward pass over the data, in portions, for all slow breakpoints together."""
        slow = [each for each in self._fit if each.slow]
        if not slow:
            return {}
        numbers = sum(math.prod(node.shape) for node in trainer.layout.active)
        size = max(1, MOST_NUMBERS // max(1, numbers))
        found: dict[Breakpoint, list[Array]] = {each: [] for each in slow}
        for start in range(0, trainer.data.m, size):
            examples = np.arange(start, min(start + size, trainer.data.m))
            network = self._network(trainer, len(examples))
            with np.errstate(all="ignore"):
                network.feed(trainer.inputs(examples)[:, : len(examples)])
                network.forward()
                for each in slow:
                    found[each].append(each.read(network, trainer.layout))
        return {each: np.concatenate(parts, axis=-1) for each, parts in found.items()}

    def _network(self, trainer: Trainer, examples: int) -> Network:
        if examples not in self._networks:
            self._networks[examples] = Network(trainer.store, examples, learns=False)
        return self._networks[examples]
