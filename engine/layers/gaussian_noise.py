"""Gaussian noise on whatever comes in: for denoising, and against overfitting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Sum
from engine.core.knobs import knob
from engine.core.place import HANDED_ON, Index, Place, Port, Terms
from engine.core.plan import Array
from engine.layers.base import layers
from engine.layers.copies import copied
from engine.layers.disturbed import Disturbed


@layers.add("gaussian_noise")
@dataclass(frozen=True)
class GaussianNoise(Disturbed):
    """``a = x + σ ε`` with ε ~ N(0, 1) while training, ``a = x`` when the network predicts.

    ε has the shape of x and is drawn anew in every update. It can fade: in update t, counted from 0,
    ``σ(t) = σ max(0, 1 − t/n)``. Backward: ``dx = da``. With the clean x as
    the target an autoencoder learns to remove the noise (Vincent et al., 2008).
    """

    title = "Gaussian noise"
    summary = "Adds random numbers while training, so that the network learns to see through them."
    stem = "noisy"
    rank = 75
    drawn = "epsilon"
    letters = {"epsilon": "ε"}
    words = {
        "epsilon": ("draw", "ε ~ N(0, 1)", "epsilon = rng.standard_normal(a_prev.shape)"),
        "a": ("sum", "a[l] = a[l−1] + σ ε", "a = a_prev + sigma * epsilon"),
        "da": ("blame", "da[l] = da[l+1]", "da_prev = da"),
    }

    deviation: float = knob(
        0.1, "Strength", symbol="σ", minimum=0.0, maximum=100.0, help="The noise's standard deviation."
    )
    fades: int | None = knob(
        None,
        "Fades within",
        symbol="n",
        minimum=1,
        maximum=10_000_000,
        optional=True,
        none_label="never",
        help="After so many updates nothing of it is left; it weakens evenly until then.",
    )

    def forward(self, p: Place) -> None:
        x = p.inputs[0].a
        if not p.training:
            p.forward("a = a_prev", "a", copied, x, p.a)
            return
        epsilon, kind = p.passing(name="epsilon"), p.plan.dtype.type
        p.draw("epsilon", lambda rng: rng.standard_normal(dtype=kind, out=epsilon))
        strength = p.plan.constant(self.deviation)
        if self.fades is not None:

            def weaken() -> None:
                strength[()] = self.strength(p.plan.step)

            p.forward("σ(t) = σ (1 − t/n)", "a", weaken)
        p.forward("a = a_prev + σ ε", "a", _noisy, x, strength, epsilon, p.a)

    def strength(self, update: int) -> float:
        """σ in an update counted from 0."""
        return self.deviation if self.fades is None else self.deviation * max(0.0, 1.0 - update / self.fades)

    def backward(self, p: Place) -> None:
        p.hand_back(p.inputs[0], "da_prev = da", copied, p.da)

    def disturbed(self, p: Place, x: Ref, index: Index, example: int) -> Expression:
        return Sum((x, Product((Number(self.strength(p.plan.step)), p.ref("epsilon", index, example)))))

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return p.ref("da", index, example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON


def _noisy(x: Array, deviation: Array, epsilon: Array, out: Array) -> None:
    np.multiply(epsilon, deviation, out)
    np.add(x, out, out)
