"""Two spirals."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.chance import cosine_sine
from engine.datasets.plane import Points


@datasets.add("spirals")
@dataclass(frozen=True)
class Spirals(Points):
    """Radius r from 0 (not reached) to 1 in equal steps, angle ``turns r``; class 1 is half a turn ahead.

    Source: the two spirals of K. Lang and M. Witbrock, "Learning to Tell Two Spirals Apart",
    Connectionist Models Summer School 1988, with arms of Archimedes.
    """

    title = "Spirals"
    summary = "Two arms wound round each other; a hard task that needs several hidden units."
    rank = 32

    noise: float = knob(
        0.02, "Noise", minimum=0.0, maximum=2.0, help="Standard deviation of the blur in each feature."
    )
    turns: float = knob(1.5, "Turns", minimum=0.25, maximum=4.0, help="How often an arm goes round.")

    def places(self, c: int, j: Array, count: int) -> tuple[Array, Array]:
        radius = (j + 1.0) / count
        cosine, sine = cosine_sine(self.turns * radius + c / 2.0)
        return radius * cosine, radius * sine
