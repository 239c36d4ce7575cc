"""Two half moons."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.chance import cosine_sine
from engine.datasets.plane import Points


@datasets.add("moons")
@dataclass(frozen=True)
class Moons(Points):
    """Class 0: ``(cos t, sin t)``; class 1: ``(1 - cos t, 1/2 - sin t)``; t from 0 to π in equal steps.

    Source: the geometry of scikit-learn's ``make_moons``.
    """

    title = "Moons"
    summary = "Two half circles that reach into each other; no straight line parts them."
    rank = 30

    def places(self, c: int, j: Array, count: int) -> tuple[Array, Array]:
        cosine, sine = cosine_sine(j / (2.0 * (count - 1)))
        return (cosine, sine) if c == 0 else (1.0 - cosine, 0.5 - sine)
