"""Noise on the inputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.augmentations.base import Augmentation, augmentations
from engine.core.knobs import knob
from engine.core.place import Shape
from engine.core.plan import Array


@augmentations.add("noise")
@dataclass(frozen=True)
class Noise(Augmentation):
    """``x + σ ε`` with ε drawn anew from N(0, 1) for every number and every update."""

    title = "Noise"
    summary = "Adds a little noise to every input, another each time."
    rank = 30

    deviation: float = knob(0.1, "Deviation", symbol="σ", minimum=0.0, maximum=100.0)

    def varied(self, X: Array, shape: Shape, chance: np.random.Generator) -> Array:
        varied: Array = X + self.deviation * chance.standard_normal(X.shape)
        return varied
