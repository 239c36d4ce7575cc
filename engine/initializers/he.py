"""He's weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("he")
@dataclass(frozen=True)
class He(Initializer):
    """Standard deviation √(2 / fan_in) (He et al., 2015; also called Kaiming).

    Normal, or uniform on ±√(6 / fan_in), which has the same deviation.
    """

    title = "He"
    summary = "Keeps the spread of the signals alike from layer to layer; for ReLU."
    rank = 20

    distribution: str = knob(
        "normal",
        "Distribution",
        choices=("normal", "uniform"),
        help="Bell-shaped or evenly spread; the standard deviation is the same.",
    )

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        if self.distribution == "uniform":
            limit = np.sqrt(6.0 / fan_in)
            return rng.uniform(-limit, limit, shape)
        return rng.normal(0.0, np.sqrt(2.0 / fan_in), shape)
