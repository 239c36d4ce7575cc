"""The history of single weights: their values and gradients over the updates of a training.

What a snapshot shows is noted as it comes. What lies between and before is replayed: an update
depends only on the state and its number, so a second trainer that begins at an earlier state
walks the same way, bit for bit, and never touches the first. It works in short slices, so that
training hardly slows down; where it cannot keep up the history is sampled, and says so.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.curve import Curve
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network
from engine.optimizers import optimizers
from engine.session.probes import Probe
from engine.session.weight_bins import Bins, History, Name
from engine.trainer import Trainer

SLICE = 0.004
"""Seconds of replay with each snapshot while training runs."""
WAITING = 3
"""A slice may last so many times as long where the thread has to wait for others in between."""
LONG_SLICE = 0.04
"""Seconds of replay for one question while training stands still."""
MOST_SECONDS = 8.0
"""A replay that would take longer than this is not begun: the curve stays sampled there."""
MOST_WORK = 3e7
"""Weights times examples of an update that is replayed: one that takes longer than a slice is not."""
MOST_BYTES = 16 * 2**20
"""With more data than this no second trainer is made: it would hold up training for too long."""
KEPT = 4
"""So many loss curves have their histories kept: an edit that is undone brings its own back."""
CHUNK = 64


@dataclass(frozen=True, slots=True)
class Cell:
    """One weight: its stable name, and where it stands in the present network."""

    name: Name
    key: str
    index: tuple[int, ...]


class Past(Protocol):
    """Where an earlier state of a trainer can be had: its timeline."""

    trainer: Trainer
    start: int
    """The earliest update that can be reached."""

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """The updates of which a state is kept."""

    def kept(self, step: int) -> Learned:
        """The state that is kept of the last checkpoint at or before a step."""


class Recorder:
    """What was noted so far. It belongs to the worker's thread; the window only hands it on."""

    def __init__(self) -> None:
        self._curves: list[tuple[Curve, Bins]] = []
        self._trainer: weakref.ref[Trainer] | None = None
        self._shadow: Trainer | None = None
        self._where = np.zeros(0, np.int64)
        """Where the learned ones of the cells lie in the flat vectors."""
        self._kept = np.zeros(0, np.int64)
        """Where the others lie among what is kept without being learned."""
        self._learned = np.zeros(0, bool)
        self._cells: tuple[Cell, ...] = ()
        self._cost = 0.0
        """Seconds that one replayed update takes, measured."""
        self._left = 0
        """How many updates may still be replayed in this go."""
        self._walked = 0
        """How many updates the second trainer has walked."""
        self._ready = False
        """Whether the second trainer is compiled: that has a slice of its own if it takes long."""
        self._pass_from = 0
        self._distrusted = False
        """Whether the way from the initial weights turned out to be another one."""
        self._given_up = False
        self._highest = 0
        """The latest update that this trainer was seen at."""

    def answer(self, trainer: Trainer, past: Past | None, cells: tuple[Cell, ...], seconds: float) -> History:
        """Note the present state, replay for a moment, and say what is known."""
        # Asked before an edit, answered after it: the same weight may stand elsewhere by now.
        here = (cell_named(trainer.layout, each.name) for each in cells)
        cells = tuple(each for each in here if each is not None)
        if not cells:
            self._shadow, self._cells = None, ()
            return History()
        bins = self._follow(trainer, cells)
        bins.note(trainer.step, _read(trainer.store.parameters, cells))
        if trainer.step > self._highest:  # it came there by learning, so these are its last gradients
            self._highest = trainer.step
            bins.note(trainer.step - 1, _read(trainer.store.gradients, cells), slopes=True)
        try:
            done = self._replay(bins, trainer, past, seconds)
        except AxonError:
            self._shadow, self._given_up, done = None, True, True
        return bins.history(tuple(each.name for each in cells), trainer.step, done)

    # ---------------------------------------------------------------- whose history it is

    def _follow(self, trainer: Trainer, cells: tuple[Cell, ...]) -> Bins:
        """The bins of this training, which may be a branch of one that is known."""
        known = self._trainer is not None and self._trainer() is trainer
        bins = self._bins_of(trainer, known)
        bins.cover([each.name for each in cells])
        if not known or cells != self._cells:
            self._highest = max(self._highest, trainer.step) if known else trainer.step
            self._trainer, self._cells = weakref.ref(trainer), cells
            self._shadow, self._distrusted, self._given_up = None, False, False
            places, size = _positions(trainer, cells), trainer.layout.size
            self._learned = places < size
            self._where, self._kept = places[self._learned], places[~self._learned] - size
        return bins

    def _bins_of(self, trainer: Trainer, known: bool) -> Bins:
        curve = trainer.curve
        for number, (of, bins) in enumerate(self._curves):
            if of is curve:
                self._curves.append(self._curves.pop(number))
                if not known:  # an edit: what was learned later belonged to another network
                    bins.forget_after(trainer.step)
                return bins
        if self._curves and not known:
            old, bins = self._curves[-1]
            if old.start == curve.start and len(curve) and _begins_with(old, curve):
                branch = bins.copy()
                branch.forget_after(trainer.step)
                return self._enter(curve, branch)
        return self._enter(curve, Bins(curve.start))

    def _enter(self, curve: Curve, bins: Bins) -> Bins:
        self._curves.append((curve, bins))
        del self._curves[:-KEPT]
        return bins

    # ---------------------------------------------------------------- replaying

    def _replay(self, bins: Bins, trainer: Trainer, past: Past | None, seconds: float) -> bool:
        """Walk on for so many seconds; whether there is nothing left to walk."""
        patient = seconds >= LONG_SLICE
        end = time.perf_counter() + (1 if patient else WAITING) * seconds
        self._left = 1 + int(seconds / self._cost) if self._cost else CHUNK if patient else 1
        least = 1 if patient else 0  # a single update that was held up must not end the replay for good
        if self._given_up or trainer.data.X.nbytes > MOST_BYTES or _work(trainer) > MOST_WORK:
            return True
        while True:
            shadow = self._shadow or self._begun(
                trainer, self._origin(bins, trainer, past) or trainer.learned
            )
            if shadow.step >= trainer.step:
                gap = self._gap(bins, trainer, past)
                willing = patient or shadow.step > trainer.step
                if gap is None or not willing or self._origin(bins, trainer, past) is None:
                    return gap is None or willing
                self._shadow = None  # there is time now to walk through what was left out
            elif (trainer.step - shadow.step) * self._cost > MOST_SECONDS:
                self._jump(shadow, trainer)
            elif (
                (not self._ready and not self._prepare(shadow, end))
                or self._left <= 0
                or (least <= 0 and time.perf_counter() + self._cost > end)
            ):
                return False
            elif not self._walk(bins, shadow, trainer, end):
                self._given_up = self._distrusted
                self._distrusted = True
                if past is None or self._given_up:
                    self._jump(shadow, trainer)
                    return True
                self._shadow = None
            least -= 1

    def _begun(self, trainer: Trainer, state: Learned) -> Trainer:
        """A second trainer that goes on from a state."""
        self._shadow = Trainer(trainer.document, trainer.data, state, dtype=trainer.store.dtype.type)
        self._pass_from, self._walked, self._ready = state.step, 0, False
        return self._shadow

    def _prepare(self, shadow: Trainer, end: float) -> bool:
        """Compile what the first update needs; whether there is time left for that update."""
        if time.perf_counter() > end:  # to make the trainer took the whole slice
            return False
        feeding = shadow.feeding
        if feeding.plain:
            shadow.network(shadow.batches.size, feeding.turn(shadow.step))
        self._ready = True
        return time.perf_counter() <= end

    def _origin(self, bins: Bins, trainer: Trainer, past: Past | None) -> Learned | None:
        """The last state from which all that is missing can be had; ``None`` if that is too far.

        Where nobody interfered that is the initial state: whether it is so shows on the way.
        """
        gap = self._gap(bins, trainer, past)
        if gap is None:
            return None
        if past is not None and gap >= past.start:
            self._note_checkpoints(bins, trainer, past, gap)
            state = past.kept(gap)
        else:
            state = _beginning(trainer)
        far = (trainer.step - state.step) * self._cost > MOST_SECONDS
        return None if far or state.step < bins.start else state

    def _gap(self, bins: Bins, trainer: Trainer, past: Past | None) -> int | None:
        """The first update of which something is missing and that can be reached."""
        trusted = bins.start == 0 and not self._distrusted
        reached = 0 if trusted else past.start if past is not None else trainer.step
        gap = bins.first_gap(trainer.step, reached)
        return None if gap is None else max(gap, reached)

    def _note_checkpoints(self, bins: Bins, trainer: Trainer, past: Past, first: int) -> None:
        """What is there already, before the way between is walked."""
        for step in past.checkpoints:
            if first <= step <= trainer.step:
                bins.note(step, _read(past.kept(step).parameters, self._cells))

    def _jump(self, shadow: Trainer, trainer: Trainer) -> None:
        """Go on from the present; what lies between stays sampled."""
        shadow.load(trainer.learned)
        self._pass_from = trainer.step

    def _walk(self, bins: Bins, shadow: Trainer, trainer: Trainer, end: float) -> bool:
        """Some updates; ``False`` where J shows that this is not the way that training went."""
        first, count = shadow.step, min(CHUNK, trainer.step - shadow.step, self._left)
        values, slopes = np.full((2, count, len(self._cells)), np.nan)
        learned, where, kept, step = self._learned, self._where, self._kept, shadow.advance
        theta, gradient, others = shadow.store.theta, shadow.store.gradient, shadow.store.kept
        quickest, before = LONG_SLICE, time.perf_counter()
        for row in range(count):
            values[row, learned] = theta[where]
            if len(kept):
                values[row, ~learned] = others[kept]
            step(1)
            slopes[row, learned] = gradient[where]
            now = time.perf_counter()
            quickest, before = min(quickest, now - before), now
            if now + quickest > end:
                count = row + 1
                break
        self._walked += count
        if count > 1 or self._walked > 2:  # the very first one is compiled too, and the second may be held up
            self._cost = min(quickest, 1.5 * self._cost) if self._cost else quickest
        self._left -= count
        right = _agreeing(shadow.curve, trainer.curve, first, count)
        if right and first >= bins.start:
            bins.enter(first, values[:right], slopes[:right], self._pass_from)
        return right == count


@dataclass(frozen=True, slots=True, eq=False)
class WeightHistory(Probe):
    """How some weights came to be what they are; asked again and again with the same recorder."""

    sparing: ClassVar[bool] = True

    recorder: Recorder
    cells: tuple[Cell, ...]
    seconds: float = SLICE

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> History:
        """What is known by now, where only the initial weights are left of the past."""
        return self.recorder.answer(trainer, None, self.cells, self.seconds)

    def answer_within(self, past: Past, networks: Callable[[int], Network]) -> History:
        """What is known by now, with the checkpoints of a timeline."""
        return self.recorder.answer(past.trainer, past, self.cells, self.seconds)


def _work(trainer: Trainer) -> float:
    """About how many products one update takes."""
    m = trainer.data.m
    return float(trainer.layout.size * min(m, trainer.document.training.batch_size or m))


def _beginning(trainer: Trainer) -> Learned:
    """The state before the first update, if nobody interfered since."""
    first = trainer.initial
    zeros = {key: np.zeros_like(first[key]) for key in trainer.store.gradients}
    return Learned(first, first, dict.fromkeys(optimizers.make(trainer.document.optimizer).memories, zeros))


def _positions(trainer: Trainer, cells: Sequence[Cell]) -> Array:
    """Where the cells lie in the flat vector of what is learned and, behind it, what is kept."""
    layout = trainer.layout
    places = trainer.store.views(np.arange(layout.whole))
    return np.array([places[each.key][each.index] for each in cells], np.int64)


def _read(arrays: Mapping[str, Array], cells: Sequence[Cell]) -> Array:
    """The cells' values; NaN for what is not there."""
    found = np.full(len(cells), np.nan)
    for place, each in enumerate(cells):
        array = arrays.get(each.key)
        if _inside(array, each.index):
            assert array is not None
            found[place] = array[each.index]
    return found


def _inside(array: Array | None, index: tuple[int, ...]) -> bool:
    return (
        array is not None
        and array.ndim == len(index)
        and all(0 <= i < side for i, side in zip(index, array.shape, strict=True))
    )


def _begins_with(old: Curve, curve: Curve) -> bool:
    return len(old) >= len(curve) and np.array_equal(old.values[: len(curve)], curve.values)


def _agreeing(one: Curve, other: Curve, first: int, count: int) -> int:
    """Of how many updates in a row J is the same, bit for bit, in both."""
    if first < max(one.start, other.start):
        return 0
    mine = one.values[first - one.start :][:count]
    theirs = other.values[first - other.start :][:count]
    most = min(len(mine), len(theirs))
    differ = np.flatnonzero(mine[:most] != theirs[:most])
    return int(differ[0]) if len(differ) else most


def cell_named(layout: Layout, name: Name) -> Cell | None:
    """Where the parameter of that name stands now; ``None`` if it is gone."""
    key = str(name[0])
    slot = layout.slots.get(key)
    if slot is None or len(name) != 1 + len(slot.shape):
        return None
    index = []
    for layer, size, unit in zip(slot.part.axes, slot.shape, name[1:], strict=True):
        keys: tuple[object, ...] = layout.keys(layer, size)
        if unit not in keys:
            return None
        index.append(keys.index(unit))
    return Cell(name, key, tuple(index))
