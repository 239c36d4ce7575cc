"""Probes that nudge: J over one weight, and the gradient check of the whole network."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.network import Network
from engine.nudging import Compared, Nudging, Parameter
from engine.session.probes import Probe
from engine.trainer import Trainer

SIDE = 30
"""Points of the curve on either side of the weight."""
LEAST_SIDE = 5
"""The same for networks that take long."""
SECONDS = 0.04
"""How long one answer may take."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """J over one weight w; ``nudges`` goes evenly from −span to +span, with 0 in the middle."""

    parameter: Parameter
    step: int
    weight: float
    J: float
    slope: float | None
    """∂J/∂w by the backward phase; ``None`` where the weight does not learn in this update."""
    nudges: Array
    costs: Array
    rule: bool = False
    """Whether the procedure takes another direction than that of the gradient."""


@dataclass(frozen=True, slots=True)
class Nudge(Probe):
    """J of the batch of the next update, for values of one weight up to ``span`` away."""

    parameter: Parameter
    span: float

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Course | None:
        """The course; ``None`` if there is no such weight."""
        nudging = _nudging(trainer)
        view = nudging.store.parameters.get(self.parameter.key)
        index = self.parameter.index
        if view is None or len(index) != view.ndim or not all(np.less(index, view.shape)):
            return None
        begin = time.perf_counter()
        nudging.course(self.parameter, (0.0,))
        took = time.perf_counter() - begin
        side = int(min(SIDE, max(LEAST_SIDE, SECONDS / max(took, 1e-9) / 2)))
        nudges = self.span * np.arange(-side, side + 1) / side
        learns = self.parameter.key in nudging.slopes
        return Course(
            self.parameter, trainer.step, nudging.weight(self.parameter), nudging.J,
            nudging.slope(self.parameter) if learns else None, nudges,
            nudging.course(self.parameter, nudges), nudging.network.procedure.rule,
        )  # fmt: skip


class Check:
    """A gradient check on its way. It belongs to the worker's thread; the window only hands it on."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._nudging: Nudging | None = None
        self._state: object = None
        self._left: list[Parameter] = []
        self._found: list[Compared] = []
        self._count = 0

    def go_on(self, trainer: Trainer, seconds: float) -> Checked:
        """Compare for so long; from the beginning if the network is another one by now."""
        state = (trainer.document, trainer.step, trainer.store.theta.tobytes())
        if self._nudging is None or state != self._state:
            self._nudging, self._state = _nudging(trainer), state
            self._left = list(reversed(self._nudging.parameters(self.most)))
            self._count, self._found = len(self._left), []
        end = time.perf_counter() + seconds
        while self._left:
            self._found.append(self._nudging.compared(self._left.pop()))
            if time.perf_counter() > end:
                break
        whole = sum(each.size for each in self._nudging.slopes.values())
        return Checked(trainer.step, tuple(self._found), self._count, whole)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a gradient check found so far: ``of`` parameters are compared, of all that are learned."""

    step: int
    found: tuple[Compared, ...]
    of: int
    whole: int

    @property
    def complete(self) -> bool:
        """Whether all are compared that are to be."""
        return len(self.found) == self.of


@dataclass(frozen=True, slots=True)
class Checking(Probe):
    """A slice of a gradient check; asked again until it is complete."""

    check: Check

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Checked:
        """What is found by now."""
        return self.check.go_on(trainer, SECONDS)


def _nudging(trainer: Trainer) -> Nudging:
    examples = trainer.batches.examples(trainer.step)
    return Nudging(trainer.document, trainer.data, trainer.learned, examples)
