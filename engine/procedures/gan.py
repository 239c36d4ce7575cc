"""The adversarial game: a generator and a discriminator take turns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.core.problems import DataError, DocumentError
from engine.datasets.base import Data, Task
from engine.layout import Layout
from engine.procedures.base import Batch, Procedure, Turn, Wanted, procedures
from engine.procedures.compiled import Ahead, N
from engine.procedures.gan_lines import shortened
from engine.procedures.gan_parts import parts_of


@procedures.add("gan")
@dataclass(frozen=True)
class Gan(Procedure):
    """Updates 1, 3, 5, ... are the discriminator's: real examples have the target 1, generated ones
    0, and the generator stays as it is. Updates 2, 4, 6, ... are the generator's: its examples have
    the target 1, and the discriminator stays (the loss ``−ln D(G(z))`` that does not saturate).

    The network is one: a source of noise, the generator, a switch ``a = s x + (1 − s) g`` between
    the real example x and the generated one g (s is an input of one unit), the discriminator, and an output
    with a sigmoid. With B examples a batch the discriminator's turn sees 2 B columns, half of them
    generated. J is the mean over all columns, so a discriminator that can only guess has J = ln 2,
    half of the 2 ln 2 that the paper's sum of the two means has. Both turns of a round see the same
    real examples, and the same generated ones unless the generator differs from turn to turn.

    Noise on what the discriminator sees, real and generated alike, is a layer of noise behind the
    switch; it keeps the discriminator from being certain (M. Arjovsky and L. Bottou, ICLR 2017).
    Real targets of 1 − smoothing: T. Salimans and others, NeurIPS 2016.

    Source: I. Goodfellow and others, Generative Adversarial Nets, NeurIPS 2014.
    """

    title = "Adversarial (GAN)"
    summary = "A generator learns to make examples that a discriminator cannot tell from the real ones."
    rank = 60
    plain = False
    steady = True
    adversarial = True

    smoothing: float = knob(
        0.0,
        "Label smoothing",
        minimum=0.0,
        maximum=0.5,
        help="By how much the target of a real example is below 1.",
    )

    def wanted(self, data: Data) -> Wanted:
        if data.symbols:
            raise DataError("Numbers of symbols cannot be imitated: choose data of measured numbers.")
        return Wanted(data.n + 1, (1,), task=Task.BINARY, inputs=(data.n, 1))

    def refusal(self, layout: Layout) -> str:
        try:
            parts_of(layout)
        except DocumentError as error:
            return str(error)
        return ""

    def turns(self, layout: Layout) -> tuple[Turn, ...]:
        parts = parts_of(layout)
        return Turn("discriminator", parts.discriminator), Turn("generator", parts.generator)

    def prepared(self, X: Array, Y: Array, update: int, seed: int) -> Batch:
        fed = _frame(*X.shape, X.dtype, update % 2, self.smoothing)
        if update % 2:
            return fed
        n, B = X.shape
        both = fed.X.copy()
        both[:n, :B] = X
        return Batch(both, fed.Y)

    def shortened(self, network: N) -> Ahead[N] | None:
        return shortened(network, parts_of(network.layout))


@lru_cache(maxsize=32)
def _frame(n: int, B: int, dtype: np.dtype[np.floating], turn: int, smoothing: float) -> Batch:
    """What is the same in every update of a turn: the switch and the targets; the examples are 0."""
    made = Batch(np.zeros((n + 1, B if turn else 2 * B), dtype), np.ones((1, B if turn else 2 * B), dtype))
    if not turn:
        made.X[n, :B], made.Y[0, :B], made.Y[0, B:] = 1.0, 1.0 - smoothing, 0.0
    for array in (made.X, made.Y):
        array.setflags(write=False)
    return made
