"""A probe that makes samples of a diffusion, slice by slice, with the weights that it began with."""

from __future__ import annotations

import math
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.network import Network
from engine.noising import moments
from engine.predict import Predictor
from engine.procedures.denoising import Denoising, Frame
from engine.sampling import class_rows, denoised
from engine.session.probes import Probe
from engine.trainer import Trainer

SECONDS = 0.02
"""How long one answer may take."""
MOST_FRAMES = 101
"""Of a longer way so many frames are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Denoised:
    """The way from noise to samples, by the network after ``step`` updates; the last frame has t = 0."""

    step: int
    frames: tuple[Frame, ...]
    arrows: tuple[Array, ...]
    """The noise that is predicted at the places that were asked about, (n, places), frame by frame."""
    complete: bool
    share: float
    """How much of the way is gone."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made: ``count`` samples, where the network is told a class of these classes."""

    count: int
    seed: int = 0
    classes: tuple[int, ...] = ()
    """One a sample."""


class Sampler:
    """Samples on their way. It belongs to the worker's thread; the window only hands it on."""

    def __init__(self, wish: Wish, places: Array) -> None:
        self.wish = wish
        self.places = places
        self._of: weakref.ref[Trainer] | None = None
        self._predict: Predictor | None = None
        self._way: Iterator[Frame] | None = None
        self._begin(0)
        self._last: Denoised | None = None

    def _begin(self, step: int) -> None:
        self._step = step
        self._frames: list[Frame] = []
        self._arrows: list[Array] = []

    def go_on(self, trainer: Trainer, procedure: Denoising, seconds: float) -> Denoised:
        """Go on for so long; once there, and the weights are others by now, begin anew.

        The last way that is complete is answered until the next one is.
        """
        other = self._of is None or self._of() is not trainer
        if other:
            self._of, self._predict, self._way, self._last = weakref.ref(trainer), None, None, None
        if self._way is None and (self._last is None or self._last.step != trainer.step):
            if self._predict is None:
                self._predict = Predictor(trainer.document, trainer.learned, dtype=trainer.store.dtype.type)
            self._predict.store.load(trainer.learned)
            self._begin(trainer.step)
            self._way = denoised(self._predict, self.wish.count, self.wish.seed, self.wish.classes or None)
        end = time.perf_counter() + seconds
        kept, t = set(moments(procedure.steps, MOST_FRAMES)), 0
        with np.errstate(all="ignore"):
            while self._way is not None:
                frame = next(self._way)
                t = frame.t
                if t in kept:
                    self._frames.append(frame)
                    self._arrows.append(self._noise_at(t, procedure))
                if t == 0:
                    self._way = None
                    self._last = Denoised(self._step, tuple(self._frames), tuple(self._arrows), True, 1.0)
                elif time.perf_counter() > end:
                    break
        if self._last is not None:
            there = self._way is None and self._last.step == trainer.step
            return Denoised(self._last.step, self._last.frames, self._last.arrows, there, 1.0)
        return Denoised(self._step, (), (), False, 1.0 - t / procedure.steps)

    def _noise_at(self, t: int, procedure: Denoising) -> Array:
        """What is predicted at the places at that moment; nothing at the end."""
        n, count = self.places.shape
        predict = self._predict
        assert predict is not None
        if not t or not count or n != math.prod(predict.layout.inputs[0].shape):
            return np.zeros((n, 0))
        rows = None
        if procedure.conditional:
            k = int(np.prod(predict.layout.inputs[2].shape))
            rows = class_rows(np.full(count, self.wish.classes[0]), k)
        made = np.asarray(predict(procedure.fed(self.places, t, rows)), float).reshape(n, count)
        return procedure.understood(self.places, t, made)[0]


@dataclass(frozen=True, slots=True, eq=False)
class Sampling(Probe):
    """A slice of the way; asked again until it is complete."""

    sampler: Sampler
    seconds: float = SECONDS

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Denoised | None:
        """``None`` for a network that does not learn with diffusion, or is told other classes."""
        procedure = trainer.feeding.procedure
        if not isinstance(procedure, Denoising) or procedure.conditional != bool(self.sampler.wish.classes):
            return None
        try:
            return self.sampler.go_on(trainer, procedure, self.seconds)
        except AxonError:  # classes of other data: the window will ask anew
            return None
