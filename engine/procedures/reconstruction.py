"""Reconstruction: the network is to give back what it was given."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.core.problems import DataError
from engine.datasets.base import Data, Task
from engine.procedures.base import Batch, Procedure, Wanted, chance, procedures


@procedures.add("reconstruction")
@dataclass(frozen=True)
class Reconstruction(Procedure):
    """The autoencoder: ``y = x``; with noise the denoising one: ``x' = x + σ ε``, ``y = x``.

    ε is drawn from N(0, 1) for every number and anew in every update. The targets of the data
    play no part. The output has one unit a feature; of a picture or a sequence it may have its
    shape as well.

    Sources: D. Rumelhart, G. Hinton and R. Williams, Learning representations by back-propagating
    errors, Nature 323 (1986) 533-536; P. Vincent and others, Extracting and composing robust
    features with denoising autoencoders, ICML 2008.
    """

    title = "Reconstruction"
    summary = (
        "The network gives back its own input, through a layer that is too narrow to copy it (autoencoder)."
    )
    rank = 40
    plain = False

    noise: float = knob(
        0.0,
        "Noise",
        symbol="σ",
        minimum=0.0,
        maximum=10.0,
        help="Deviation of what is added to the input but not to the target.",
    )

    def wanted(self, data: Data) -> Wanted:
        if data.symbols:
            raise DataError("Numbers of symbols cannot be given back: choose data of measured numbers.")
        return Wanted(data.n, (data.n,), task=Task.REGRESSION, also=data.shape)

    def prepared(self, X: Array, Y: Array, update: int, seed: int) -> Batch:
        if not self.noise:
            return Batch(X, X)
        drawn = chance(seed, "noise", update).standard_normal(X.shape)
        return Batch(X + self.noise * drawn, X)
