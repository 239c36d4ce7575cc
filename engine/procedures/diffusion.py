"""Diffusion: learning to take a little noise away, and so to make something out of nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.core.chance import Chance
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.core.problems import DataError
from engine.datasets.base import Data, Task
from engine.layout import Layout
from engine.procedures.base import Batch, Procedure, Wanted, chance, procedures
from engine.procedures.noise_schedule import NoiseSchedule, cosine, linear

NOTHING_LEFT = 0.01
"""ᾱ_T must be below this: else the last x_T is not the plain noise that sampling begins with."""


class Frame(NamedTuple):
    """One moment of sampling: x_t and what the network makes of it; all arrays are (n, m)."""

    t: int
    """How many steps are still to be taken back; 0 for the finished samples."""
    x: Array
    noise: Array
    """The noise that is predicted to be in x_t; 0 at the end."""
    x0: Array
    """The example that follows from it: ``(x_t − √(1 − ᾱ_t) ε) / √ᾱ_t``."""


@procedures.add("diffusion")
@dataclass(frozen=True)
class Diffusion(Procedure):
    """DDPM: the network sees ``x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε`` and t, and is to predict ε.

    For every example and update t is drawn from 1 to T and ε from N(0, 1). The inputs are x (n
    units), the time t (1 unit, counted from 1), and with ``conditional`` the class (as many units
    as the data has target rows). The network that gives out ε predicts x_0 as well, for each
    follows from the other; ``predicts`` says which of them is the target.

    Sampling begins with noise x_T and goes back, ``x_{t−1} = 1/√α_t (x_t − β_t/√(1 − ᾱ_t) ε) + √β̃_t z``
    with fresh noise z, none in the last step (algorithm 2, with the smaller of the two variances).

    Source: J. Ho, A. Jain and P. Abbeel, Denoising Diffusion Probabilistic Models, NeurIPS 2020.
    """

    title = "Diffusion"
    summary = "Learns to predict the noise in noisy examples; taken away step by step, it leaves new ones."
    rank = 70
    plain = False

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
    limit: float | None = knob(
        None,
        "Largest |x₀|",
        minimum=1e-6,
        maximum=1e6,
        optional=True,
        none_label="any",
        help="Where samples are made, a predicted example is kept within this.",
    )

    def wanted(self, data: Data) -> Wanted:
        if data.symbols:
            raise DataError("Numbers of symbols cannot be made noisy: choose data of measured numbers.")
        if self.conditional and (data.task is Task.REGRESSION or data.target_shape):
            raise DataError(
                "The data has no classes that the network could be told: choose data with classes."
            )
        inputs = (data.n, 1, data.k) if self.conditional else (data.n, 1)
        return Wanted(sum(inputs), (data.n,), task=Task.REGRESSION, also=data.shape, inputs=inputs)

    def refusal(self, layout: Layout) -> str:
        inputs = layout.inputs
        count = 3 if self.conditional else 2
        if len(inputs) != count:
            third = " and one for the class" if self.conditional else ""
            return (
                f"Diffusion needs {count} inputs, and here are {len(inputs)}:"
                f" one for the noisy example, one unit for the time{third}."
            )
        if math.prod(inputs[1].shape) != 1:
            return "The second input is the time and has a single unit: draw the input of the example first."
        given, made = math.prod(inputs[0].shape), math.prod(layout.output.shape)
        if given != made:
            return (
                f"The noisy example has {given} number{'s' * (given != 1)} and the output {made}:"
                " make them as many."
            )
        return ""

    def advice(self, layout: Layout) -> str:
        left = float(self.alpha_bar()[-1])
        if left >= NOTHING_LEFT:
            return (
                f"After the last step {math.sqrt(left):.0%} of the example is still there, but sampling"
                " begins with plain noise: take more steps, or a larger last β."
            )
        bounds = getattr(getattr(layout.output.kind, "g", None), "bounds", (-math.inf, math.inf))
        if self.predicts == "noise" and any(math.isfinite(each) for each in bounds):
            return "Noise may be any number: choose the identity for the output."
        return ""

    def prepared(self, X: Array, Y: Array, update: int, seed: int) -> Batch:
        t: Array = chance(seed, "time", update).integers(1, self.steps + 1, (X.shape[1],))
        noise = chance(seed, "noise", update).standard_normal(X.shape)
        fed = self.fed(self.noised(X, t, noise), t, Y if self.conditional else None)
        return Batch(fed, noise if self.predicts == "noise" else X)

    # ---------------------------------------------------------------- noise and back

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
        if self.limit is not None:
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


__all__ = ["Diffusion", "Frame"]
