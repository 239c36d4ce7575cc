"""Glorot's weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("glorot")
@dataclass(frozen=True)
class Glorot(Initializer):
    """Standard deviation √(2 / (fan_in + fan_out)) (Glorot and Bengio, 2010; also called Xavier).

    Uniform on ±√(6 / (fan_in + fan_out)), or normal with the same deviation.
    """

    title = "Glorot"
    summary = "Keeps the spread of the signals alike from layer to layer; for sigmoid and tanh."
    rank = 10

    distribution: str = knob(
        "uniform",
        "Distribution",
        choices=("uniform", "normal"),
        help="Evenly spread or bell-shaped; the standard deviation is the same.",
    )

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        if self.distribution == "normal":
            return rng.normal(0.0, np.sqrt(2.0 / (fan_in + fan_out)), shape)
        limit = np.sqrt(6.0 / (fan_in + fan_out))
        return rng.uniform(-limit, limit, shape)
