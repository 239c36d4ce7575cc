"""Noise put on examples and taken away again, step by step. This module holds no kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.core.chance import Chance
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.procedures.base import Procedure
from engine.procedures.noise_schedule import NoiseSchedule, cosine, linear


class Frame(NamedTuple):
    """One moment of sampling: x_t and what the network makes of it; all arrays are (n, m)."""

    t: int
    """How many steps are still to be taken back; 0 for the finished samples."""
    x: Array
    noise: Array
    """The noise that is predicted to be in x_t; 0 at the end."""
    x0: Array
    """The example that follows from it: ``(x_t − √(1 − ᾱ_t) ε) / √ᾱ_t``."""


@dataclass(frozen=True)
class Denoising(Procedure):
    """The mathematics of a diffusion: ``x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε``, and the way back.

    Sampling begins with noise x_T and goes back, ``x_{t−1} = 1/√α_t (x_t − β_t/√(1 − ᾱ_t) ε) + √β̃_t z``
    with fresh noise z, none in the last step (algorithm 2, with the smaller of the two variances).

    Source: J. Ho, A. Jain and P. Abbeel, Denoising Diffusion Probabilistic Models, NeurIPS 2020.
    """

    steps: int = knob(50, "Steps", symbol="T", minimum=2, maximum=1000)
    schedule: str = knob("linear", "Schedule", choices=("linear", "cosine"), help="How the noise grows.")
    first: float = knob(
        1e-4, "First β", symbol="β₁", minimum=1e-6, maximum=0.5, help="Of the linear schedule."
    )
    last: float = knob(
        0.2,
        "Last β",
        minimum=1e-6,
        maximum=0.999,
        help="Of the linear schedule: 0.2 for 50 steps, 0.1 for 100, 0.02 for 1000.",
    )
    predicts: str = knob(
        "noise", "Predicts", choices=("noise", "example"), help="The noise ε or the example x_0 without it."
    )
    conditional: bool = knob(
        False, "With classes", help="Whether the network is told the class, so that one can ask for it."
    )
    limit: float = knob(
        0.0,
        "Largest |x₀|",
        minimum=0.0,
        maximum=1e6,
        help="Where samples are made, a predicted example is kept within this; 0: it may be anything.",
    )

    @property
    def noise_schedule(self) -> NoiseSchedule:
        """β, α and ᾱ of every step."""
        return _made(self.schedule, self.steps, self.first, self.last)

    def alpha_bar(self) -> Array:
        """ᾱ_1 ... ᾱ_T: how much of the example's variance is left after every step, (T,)."""
        return self.noise_schedule.alpha_bar

    def noised(self, x0: Array, t: Array | int, noise: Array) -> Array:
        """``x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε`` for (n, m) and one t for all or one an example, from 1."""
        left = self.alpha_bar()[np.asarray(t) - 1]
        made: Array = np.sqrt(left) * x0 + np.sqrt(1.0 - left) * noise
        return made

    def fed(self, x: Array, t: Array | int, classes: Array | None = None) -> Array:
        """What the network takes in: the rows of x_t, the time, and the rows of the class."""
        time = np.broadcast_to(np.asarray(t, float), (1, x.shape[1]))
        return np.concatenate([x, time] if classes is None else [x, time, classes])

    def understood(self, x: Array, t: Array | int, prediction: Array) -> tuple[Array, Array]:
        """ε and x_0, of which one was predicted and the other follows from x_t."""
        left = self.alpha_bar()[np.asarray(t) - 1]
        signal, rest = np.sqrt(left), np.sqrt(1.0 - left)
        x0 = prediction if self.predicts == "example" else (x - rest * prediction) / signal
        if self.limit:
            x0 = np.clip(x0, -self.limit, self.limit)
        elif self.predicts == "noise":
            return prediction, x0
        return (x - signal * x0) / rest, x0

    def stepped_back(self, x: Array, t: int, noise: Array, z: Array) -> Array:
        """``x_{t−1}`` from x_t, the noise predicted in it, and fresh noise z (without effect at t = 1)."""
        known, at = self.noise_schedule, t - 1
        share = known.beta[at] / np.sqrt(1.0 - known.alpha_bar[at])
        made: Array = (x - share * noise) / np.sqrt(known.alpha[at]) + known.deviation[at] * z
        return made

    def sampled(
        self,
        predict: Callable[[Array], Array],
        n: int,
        count: int,
        seed: int = 0,
        classes: Array | None = None,
    ) -> Iterator[Frame]:
        """The way from noise to ``count`` samples: T + 1 frames, t = T, ..., 1, 0.

        ``predict`` takes what ``fed`` gives. ``classes`` (k, count) are the rows of the class.
        """
        chance = Chance(seed, "sampling")
        x = chance.at(self.steps).standard_normal((n, count))
        for t in range(self.steps, 0, -1):
            prediction = np.asarray(predict(self.fed(x, t, classes)), float).reshape(n, count)
            noise, x0 = self.understood(x, t, prediction)
            yield Frame(t, x, noise, x0)
            x = self.stepped_back(x, t, noise, chance.at(t - 1).standard_normal((n, count)))
        yield Frame(0, x, np.zeros_like(x), x)


@lru_cache(maxsize=32)
def _made(schedule: str, steps: int, first: float, last: float) -> NoiseSchedule:
    return cosine(steps) if schedule == "cosine" else linear(steps, first, last)
