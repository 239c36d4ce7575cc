"""Probes for a text that is written on: how likely each symbol is next, and the one that is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.core.chance import Chance
from engine.core.plan import Array
from engine.network import Network
from engine.procedures.writing import drawn, next_shares, tempered
from engine.sampling import probabilities
from engine.session.present import Present
from engine.session.probes import Probe
from engine.trainer import Trainer


@dataclass(frozen=True, slots=True, eq=False)
class NextSymbol:
    """How likely every symbol is after a text, and the one that is drawn for the place behind it."""

    text: tuple[int, ...]
    plain: Array
    """The shares as the network gives them, (V,)."""
    shares: Array
    """The shares at the temperature."""
    number: int
    """The symbol that is drawn from them."""


@dataclass(frozen=True, slots=True)
class WritingOn(Probe):
    """What comes after a text of symbol numbers.

    The draw is keyed by the seed and the place, as in ``engine.sampling.text``: symbol after symbol
    that text comes out.
    """

    text: tuple[int, ...]
    temperature: float = 1.0
    seed: int = 0

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> NextSymbol | None:
        """``None`` where the network gives no share for every symbol at every place, or has other ones."""
        output, symbols = trainer.layout.output.shape, trainer.data.symbols
        if not self.text or len(output) != 2 or output[0] != len(symbols) or max(self.text) >= len(symbols):
            return None
        predict = Present(trainer, networks)
        texts = np.array(self.text)[:, np.newaxis]
        plain = next_shares(probabilities(predict), predict.features, texts)
        if not np.isfinite(plain).all():
            return None
        shares = tempered(plain, self.temperature)
        number = int(drawn(shares, Chance(self.seed, "writing"), len(self.text))[0])
        return NextSymbol(self.text, plain[:, 0], shares[:, 0], number)
