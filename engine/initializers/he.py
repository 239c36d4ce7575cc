"""He's weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("he")
@dataclass(frozen=True)
class He(Initializer):
    """Normal with standard deviation √(2 / fan_in) (He et al., 2015)."""

    title = "He"
    summary = "Keeps the spread of the signals alike from layer to layer; for ReLU."
    rank = 20

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        return rng.normal(0.0, np.sqrt(2.0 / fan_in), shape)
