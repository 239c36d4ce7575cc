"""Glorot's weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("glorot")
@dataclass(frozen=True)
class Glorot(Initializer):
    """Uniform on ±√(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010)."""

    title = "Glorot"
    summary = "Keeps the spread of the signals alike from layer to layer; for sigmoid and tanh."
    rank = 10

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        limit = np.sqrt(6.0 / (fan_in + fan_out))
        return rng.uniform(-limit, limit, shape)
