"""Standing: how many updates are done, asked for while the worker goes a long way in portions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.network import Network
from engine.session.probes import Probe
from engine.trainer import Trainer


@dataclass(frozen=True, slots=True)
class Standing(Probe):
    """Cheap, so that it can be asked again and again."""

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> int:
        """The number of updates done."""
        return trainer.step
