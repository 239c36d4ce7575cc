"""All weights alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("constant")
@dataclass(frozen=True)
class Constant(Initializer):
    """Every weight the same number."""

    title = "Constant"
    summary = "Every weight starts at the same number."
    rank = 80

    value: float = knob(0.1, "Value", minimum=-1000.0, maximum=1000.0)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        return np.full(shape, self.value)
