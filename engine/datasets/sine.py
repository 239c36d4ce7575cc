"""Noisy points of a wave."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.chance import bell, cosine_sine, generator


@datasets.add("sine")
@dataclass(frozen=True)
class Sine(DataSet):
    """``y = sin(3 x) + noise * bell(0, 1)``, x drawn evenly from -1 to 1: a curve to be found again.

    The interval is cut into m equal pieces and each gets one x, so that even few points see the
    whole curve. A large network learns the noise by heart as well. The project draws the points
    from the knob ``seed``.
    """

    title = "Sine"
    summary = "A few noisy points of sin(3x); a large network fits the noise as well."
    group = "Generated"
    rank = 35

    examples: int = knob(12, "Examples", symbol="m", minimum=2, maximum=10_000)
    noise: float = knob(0.2, "Noise", minimum=0.0, maximum=2.0, help="Standard deviation of the blur in y.")
    seed: int = knob(0, "Seed", minimum=0, maximum=999_999, help="Another seed, another draw.")

    def load(self, seed: int) -> Data:
        rng = generator(seed)
        x = 2.0 * (np.arange(self.examples) + rng.random(self.examples)) / self.examples - 1.0
        _, wave = cosine_sine(3.0 * x / (2.0 * math.pi))
        y = wave + self.noise * bell(rng, (self.examples,))
        return Data(
            X=read_only(x[np.newaxis]),
            Y=read_only(y[np.newaxis]),
            features=("x",),
            targets=("y",),
            task=Task.REGRESSION,
            source=f"Synthetic: drawn by Axon with seed {seed}; free to use.",
        )
