"""Round clouds of points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.chance import cosine_sine
from engine.datasets.plane import Points


@datasets.add("blobs")
@dataclass(frozen=True)
class Blobs(Points):
    """Class c lies round ``2 (cos t, sin t)`` with t = 1/8 + c/k turns; the noise is the cloud's width.

    Two classes give one target row of 0 and 1, more give one-hot columns. The first centre is on
    the diagonal, so that a line between two clouds needs both features.
    """

    title = "Blobs"
    summary = "Round clouds, one a class; straight lines part them."
    rank = 33

    noise: float = knob(0.5, "Noise", minimum=0.0, maximum=2.0, help="Standard deviation of a cloud.")
    classes: int = knob(2, "Classes", symbol="k", minimum=2, maximum=6)

    def number_of_classes(self) -> int:
        return self.classes

    def places(self, c: int, j: Array, count: int) -> tuple[Array, Array]:
        cosine, sine = cosine_sine(0.125 + c / self.classes)
        return np.full(count, 2.0 * cosine), np.full(count, 2.0 * sine)
