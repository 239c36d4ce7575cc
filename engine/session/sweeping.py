"""A probe that trains a sweep on, a slice at a time, beside the network that stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.network import Network
from engine.session.probes import Probe
from engine.sweep import Sweep, SweepRun
from engine.trainer import Trainer

SECONDS = 0.05
"""How long one answer may take."""


@dataclass(frozen=True, slots=True)
class Swept:
    """The runs that are over, and the share of all updates that were done."""

    runs: tuple[SweepRun, ...] = ()
    done: float = 0.0
    complete: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sweeping(Probe):
    """Asked again and again until the sweep is complete. The sweep belongs to the worker's thread."""

    sweep: Sweep

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Swept:
        """A slice of training, on the data of the network that stands still."""
        complete = self.sweep.go_on(trainer.data, SECONDS)
        return Swept(tuple(self.sweep.runs), self.sweep.done, complete)
