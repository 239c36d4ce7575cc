"""The predictor of the network that runs, on the networks that the worker has compiled already."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.core.plan import Array
from engine.network import Network
from engine.predict import Predictor
from engine.trainer import Trainer


class Present(Predictor):
    """For one answer of a probe; the number of the update is afterwards as it was."""

    def __init__(self, trainer: Trainer, networks: Callable[[int], Network]) -> None:
        self.store = trainer.store
        self._compiled = networks

    def network(self, examples: int) -> Network:
        return self._compiled(examples)

    def run(
        self, given: Mapping[str, Array], wanted: str, *, examples: int | None = None, draw: int = 0
    ) -> Array:
        m = examples if examples is not None else next(iter(given.values())).shape[-1]
        plan = self.network(m).plan
        before = plan.step
        try:
            return super().run(given, wanted, examples=examples, draw=draw)
        finally:
            plan.step = before
