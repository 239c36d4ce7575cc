"""Evenly spread weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("uniform")
@dataclass(frozen=True)
class Uniform(Initializer):
    """Uniform on (−limit, limit)."""

    title = "Uniform"
    summary = "Evenly spread between −limit and limit."
    rank = 40

    limit: float = knob(1.0, "Limit", minimum=0.0, maximum=1000.0)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        return rng.uniform(-self.limit, self.limit, shape)
