"""A ring around a ring."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.chance import cosine_sine
from engine.datasets.plane import Points


@datasets.add("circles")
@dataclass(frozen=True)
class Circles(Points):
    """Class 0: ``(cos t, sin t)``, class 1: ``inner (cos t, sin t)``; t round the circle in equal steps.

    Source: the geometry of scikit-learn's ``make_circles``.
    """

    title = "Circles"
    summary = "A small ring inside a large one; the boundary has to close round it."
    rank = 31

    noise: float = knob(
        0.05, "Noise", minimum=0.0, maximum=2.0, help="Standard deviation of the blur in each feature."
    )
    inner: float = knob(0.5, "Inner radius", minimum=0.1, maximum=0.9, help="The outer radius is 1.")

    def places(self, c: int, j: Array, count: int) -> tuple[Array, Array]:
        cosine, sine = cosine_sine(j / count)
        radius = 1.0 if c == 0 else self.inner
        return radius * cosine, radius * sine
