"""A probe for the adversarial game: generated examples, the discriminator's answers, the pull on each."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.adversary import Adversary
from engine.core.plan import Array
from engine.network import Network
from engine.procedures.gan_parts import parts_of
from engine.session.present import Present
from engine.session.probes import Probe
from engine.trainer import Trainer

MOST_REAL = 200
"""So many real examples are judged."""


@dataclass(frozen=True, slots=True, eq=False)
class Standoff:
    """How the game stands before update ``step``."""

    step: int
    fake: Array
    """Generated examples, (n, m)."""
    verdict: Array
    """The discriminator's answer to each, (m,): near 1 it takes them for real."""
    pull: Array
    """``−∂L/∂g`` for each, (n, m)."""
    real: Array
    """The discriminator's answers to the first real examples."""
    field: Array
    """... and to the points that were asked about."""


class Watcher:
    """Keeps the numbers that a look at the game needs. It belongs to the worker's thread."""

    def __init__(self) -> None:
        self._of: weakref.ref[Trainer] | None = None
        self._adversary: Adversary | None = None

    def adversary(self, trainer: Trainer, count: int) -> Adversary:
        """The one for this training."""
        found = self._adversary
        if found is None or self._of is None or self._of() is not trainer or found.network.m != count:
            found = Adversary(trainer.document, count, dtype=trainer.store.dtype.type)
            self._of, self._adversary = weakref.ref(trainer), found
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Game(Probe):
    """``count`` generated examples, and D on the points X (n, m)."""

    watcher: Watcher
    count: int
    X: Array
    seed: int = 0

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Standoff | None:
        """The standoff of now; the same noise every time, so that examples can be followed.

        ``None`` for a network that is no GAN.
        """
        if not trainer.feeding.procedure.adversarial:
            return None
        fake, verdict, pull = self.watcher.adversary(trainer, self.count).look(trainer.learned, self.seed)
        predict, parts = Present(trainer, networks), parts_of(trainer.layout)
        output = trainer.layout.output.layer.id

        def judged(X: Array) -> Array:
            if not X.shape[1] or len(X) != len(fake):
                return np.zeros(0)
            made: Array = predict.run({parts.choice: X}, output).reshape(-1, X.shape[1])[0]
            return made

        return Standoff(
            trainer.step, fake, verdict, pull, judged(trainer.data.X[:, :MOST_REAL]), judged(self.X)
        )
