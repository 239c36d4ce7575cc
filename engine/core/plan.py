"""The plan: a flat list of NumPy calls bound to preallocated arrays.

A network is compiled once, for one batch size; a training step is then ``for line in plan:
line()``. Every line knows its phase, whose it is, its equation and the array it writes, so the
walkthrough follows the very lines that train: one truth for speed and for explanation. A plan
made to explain has some lines more (intermediate results that training never needs); the lines
that both have compute the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.chance import Chance
from engine.core.memory import Memory

Array = NDArray[Any]


class Phase(StrEnum):
    """The phases of one update, in order."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Line:
    """One call of the plan."""

    phase: Phase
    owner: str
    equation: str
    writes: str
    call: Callable[[], object]
    draws: bool = False
    """Whether it draws at random."""

    def __call__(self) -> object:
        return self.call()


@dataclass
class Plan:
    """Lines and the named arrays they read and write.

    ``examples`` is m, the number of columns. With ``explains`` set, ``explain`` lines are
    entered too. ``training`` says whether the plan is to learn from: dropout, noise and batch
    normalisation behave otherwise where a network only predicts. ``step`` is the number of the
    update that is run; with ``seed`` it determines everything that is drawn at random.
    """

    examples: int
    dtype: np.dtype[Any]
    explains: bool = False
    training: bool = True
    seed: int = 0
    step: int = 0
    random: bool = False
    """Whether any line draws at random, so that ``step`` must be set before a run."""
    memory: Memory | None = None
    """Where passing arrays share their memory; without it each has its own, to be looked at."""
    lines: list[Line] = field(default_factory=list)
    arrays: dict[tuple[str, str], Array] = field(default_factory=dict)
    _full: dict[tuple[tuple[int, ...], float], Array] = field(default_factory=dict)

    def array(self, owner: str, name: str, shape: tuple[int, ...]) -> Array:
        """A new array of zeros under a name of its owner."""
        made = np.zeros(shape, self.dtype)
        self.arrays[owner, name] = made
        return made

    def passing(self, shape: tuple[int, ...], dtype: type | None = None) -> Array:
        """An array for this step of the compilation only; what is in it at first is not known."""
        kind = dtype or self.dtype
        return np.zeros(shape, kind) if self.memory is None else self.memory.passing(shape, kind)

    def kept(self, shape: tuple[int, ...], owner: str, dtype: type | None = None) -> Array:
        """An array from now on to the end of its owner's backward; what is in it at first is not known."""
        kind = dtype or self.dtype
        return np.zeros(shape, kind) if self.memory is None else self.memory.kept(shape, kind, owner)

    def constant(self, value: float) -> Array:
        """A 0-d array of the plan's precision: faster to calculate with than a Python float."""
        return np.array(value, self.dtype)

    def full(self, shape: tuple[int, ...], value: float) -> Array:
        """An array of one number to calculate with, read-only: all who need the same share it."""
        if (shape, value) not in self._full:
            made = np.full(shape, value, self.dtype)
            made.setflags(write=False)
            self._full[shape, value] = made
        return self._full[shape, value]

    def beside(self, array: Array, value: float) -> Array:
        """One number as a partner for ``np.maximum`` or ``np.minimum`` with some array.

        Of two arrays they are several times as fast as of an array and a single number. For
        sequences and images one feature is enough, which goes with each of them in turn.
        """
        return self.full(array.shape[1:] if array.ndim > 2 else array.shape, value)

    def line(
        self, phase: Phase, owner: str, equation: str, writes: str, call: Callable[..., object], *args: object
    ) -> None:
        """Enter one call; arrays are written through ``out`` as the last positional argument."""
        self.lines.append(Line(phase, owner, equation, writes, partial(call, *args) if args else call))

    def draw(
        self, phase: Phase, owner: str, writes: str, draw: Callable[[np.random.Generator], object]
    ) -> None:
        """Enter a line that draws at random, repeatably: ``draw`` gets the update's generator."""
        chance = Chance(self.seed, owner, writes)
        self.random = True
        equation = f"{writes} is drawn"
        self.lines.append(
            Line(phase, owner, equation, writes, lambda: draw(chance.at(self.step)), draws=True)
        )

    def forget(self) -> None:
        """Let go of all lines and arrays."""
        self.lines.clear()
        self.arrays.clear()
        self._full.clear()

    def calls(self, *phases: Phase) -> tuple[Callable[[], object], ...]:
        """The bare calls of the phases, one phase after the other."""
        return tuple(line.call for phase in phases for line in self.lines if line.phase is phase)
