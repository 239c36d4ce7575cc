"""Gaussian noise on whatever comes in: for denoising, and against overfitting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Sum
from engine.core.knobs import knob
from engine.core.place import Index, Moment, Place, Port, Shape, positions
from engine.core.plan import Array, Phase
from engine.layers.base import LayerKind, layers
from engine.layers.copies import copied


@layers.add("gaussian_noise")
@dataclass(frozen=True)
class GaussianNoise(LayerKind):
    """``a = x + σ ε`` with ε ~ N(0, 1) while training, ``a = x`` when the network predicts.

    ε has the shape of x and is drawn anew in every update. It can fade: in update t, counted from 0,
    ``σ(t) = σ max(0, 1 − t/n)``. Backward: ``dx = da``. With the clean x as
    the target an autoencoder learns to remove the noise (Vincent et al., 2008).
    """

    title = "Gaussian noise"
    summary = "Adds random numbers while training, so that the network learns to see through them."
    stem = "noisy"
    group = "Regularisation"
    sized = False
    rank = 75
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

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return inputs[0]

    def forward(self, p: Place) -> None:
        x = p.inputs[0].a
        if not p.training:
            p.forward("a = a_prev", "a", copied, x, p.a)
            return
        epsilon, kind = p.array("epsilon"), p.plan.dtype.type
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

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.UPDATE:
            return
        arrays: tuple[tuple[str, int | None], ...] = (("da", None),)
        if phase is Phase.FORWARD:
            arrays = (("epsilon", 1), ("a", 1)) if p.training else (("a", 1),)
        for at in positions(p.shape):
            for i in range(p.shape[0]):
                yield from (Moment(array, (i, *at), steps) for array, steps in arrays)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        match array:
            case "epsilon":
                return Number(float(p.known("epsilon")[(*index, example)]))
            case "a":
                x = p.ref_a_prev(p.inputs[0], index, example)
                if not p.training:
                    return x
                return Sum(
                    (x, Product((Number(self.strength(p.plan.step)), p.ref("epsilon", index, example))))
                )
        raise KeyError(array)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return p.ref("da", index, example)


def _noisy(x: Array, deviation: Array, epsilon: Array, out: Array) -> None:
    np.multiply(epsilon, deviation, out)
    np.add(x, out, out)
