"""Diffusion: learning to take a little noise away, and so to make something out of nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.core.plan import Array
from engine.core.problems import DataError
from engine.datasets.base import Data, Task
from engine.layout import Layout
from engine.procedures.base import Batch, Wanted, chance, procedures
from engine.procedures.denoising import Denoising

NOTHING_LEFT = 0.01
"""ᾱ_T must be below this: else the last x_T is not the plain noise that sampling begins with."""


@procedures.add("diffusion")
@dataclass(frozen=True)
class Diffusion(Denoising):
    """DDPM: the network sees ``x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε`` and t, and is to predict ε.

    For every example and update t is drawn from 1 to T and ε from N(0, 1). The inputs are x (n
    units), the time t (1 unit, counted from 1), and with ``conditional`` the class (as many units
    as the data has target rows). The network that gives out ε predicts x_0 as well, for each
    follows from the other; ``predicts`` says which of them is the target.

    Source: J. Ho, A. Jain and P. Abbeel, Denoising Diffusion Probabilistic Models, NeurIPS 2020.
    """

    title = "Diffusion"
    summary = "Learns to predict the noise in noisy examples; taken away step by step, it leaves new ones."
    rank = 70
    plain = False

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
