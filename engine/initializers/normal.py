"""Normally distributed weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("normal")
@dataclass(frozen=True)
class Normal(Initializer):
    """Normal with mean 0 and a chosen standard deviation."""

    title = "Normal"
    summary = "Bell-shaped around 0."
    rank = 30

    deviation: float = knob(1.0, "Standard deviation", minimum=0.0, maximum=1000.0)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        return rng.normal(0.0, self.deviation, shape)
