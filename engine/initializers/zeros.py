"""All weights zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("zeros")
@dataclass(frozen=True)
class Zeros(Initializer):
    """Every weight 0: all units of a layer then stay alike for ever."""

    title = "Zeros"
    summary = "Every weight starts at 0; shows why weights must differ."
    rank = 90

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        return np.zeros(shape)
