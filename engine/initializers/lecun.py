"""LeCun's weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("lecun")
@dataclass(frozen=True)
class LeCun(Initializer):
    """Standard deviation √(1 / fan_in) (LeCun, Bottou, Orr and Müller, *Efficient BackProp*, 1998).

    Normal, or uniform on ±√(3 / fan_in), which has the same deviation.
    """

    title = "LeCun"
    summary = "A sum of inputs with spread 1 has spread 1 again; for SELU."
    rank = 25

    distribution: str = knob(
        "normal",
        "Distribution",
        choices=("normal", "uniform"),
        help="Bell-shaped or evenly spread; the standard deviation is the same.",
    )

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        if self.distribution == "uniform":
            limit = np.sqrt(3.0 / fan_in)
            return rng.uniform(-limit, limit, shape)
        return rng.normal(0.0, np.sqrt(1.0 / fan_in), shape)
