"""The simple recurrent layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Function, Maximum, Number, Power, Product, Truth, minus, total
from engine.core.knobs import knob
from engine.core.place import Index, Moment, Place, steps_of_sum
from engine.core.plan import Array, Phase
from engine.layers.base import layers
from engine.layers.recurrent import Recurrent
from engine.layers.recurrent_arrays import by_unit
from engine.layers.recurrent_words import blame_loop, recurrent_letters, recurrent_words


@layers.add("rnn")
@dataclass(frozen=True)
class Rnn(Recurrent):
    """``z⟨t⟩ = Wx x⟨t⟩ + U a⟨t−1⟩ + b``, ``a⟨t⟩ = g(z⟨t⟩)``, ``a⟨0⟩ = 0``; g is tanh or ReLU.

    x is (n, T, m), z and a (H, T, m), Wx (H, n), U (H, H), b (H, 1). One bias: PyTorch's two added.
    Bidirectional: (2H, T, m), the forward half first, as PyTorch; V takes the place of U in the
    backward half and a⟨t+1⟩ that of a⟨t−1⟩.

    Backward through time: ``dh⟨t⟩ = da⟨t⟩ + Uᵀ dz⟨t+1⟩`` (from the layer above, and from the
    future), ``dz⟨t⟩ = dh⟨t⟩ ⊙ g'(z⟨t⟩)``; ``dWx = Σ dz⟨t⟩ x⟨t⟩ᵀ``, ``dU = Σ dz⟨t⟩ a⟨t−1⟩ᵀ``,
    ``db = Σ dz⟨t⟩``, summed over t; ``dx⟨t⟩ = Wxᵀ dz⟨t⟩``.

    Source: J. L. Elman, Finding structure in time, Cognitive Science 14 (1990) 179-211.
    """

    title = "RNN"
    summary = "Reads a sequence step by step and hands what it made of one step to the next."
    stem = "rnn"
    rank = 10
    letters = recurrent_letters(("",)) | {"slope": "g′"}
    timed = frozenset({"h"})
    loops = {"dh": blame_loop([("U", "dz")])}
    words = recurrent_words(("",)) | {
        "a": ("activation", "a⟨t⟩ = g(z⟨t⟩)", "a[t] = g(z)"),
        "dh": ("blame", "dh⟨t⟩ = da⟨t⟩ + Uᵀ dz⟨t+1⟩", "dh = da[t] + U.T @ dz"),
        "slope": ("slope", "g′(z⟨t⟩)", "slope = g_prime(z)"),
        "dz": ("delta", "dz⟨t⟩ = dh⟨t⟩ ⊙ g′(z⟨t⟩)", "dz = dh * g_prime(z)"),
    }

    activation: str = knob("tanh", "Activation", choices=("tanh", "relu"), symbol="g")

    def forward(self, p: Place) -> None:
        n, T = p.shape
        h, nothing = p.passing((T, 1, n, p.m)), p.scratch((n, p.m))
        z, h = self.read(p, p.blocks[0], h)[:, 0], h[:, 0]
        if p.explains:
            p.name("z", by_unit(z))
        for half in self.halves(p):
            here, U = half.units, p.blocks[1][half.number, 0]
            steps = [
                ((nothing if before is None else h[before])[here], z[t, here], h[t, here])
                for t, before in ((t, half.before(t)) for t in half.times)
            ]
            buffer = p.passing((here.stop - here.start, p.m))
            line = (U, buffer, steps, None if self.activation == "tanh" else p.plan.full(buffer.shape, 0.0))
            p.forward("for t: z = W x + U a⟨t−1⟩ + b, a = g(z)", "a", _forward, *line)
        self.hand_on(p, h)

    def backward(self, p: Place) -> None:
        n, T = p.shape
        assert p.da is not None
        h, slope = by_unit(p.known("a")), p.passing((T, n, p.m))
        p.name("slope", by_unit(slope))
        p.backward("g'(z)", "slope", _slope, h, slope, self.activation == "tanh")
        kept = T if p.explains else 1  # of dh each step is used only once
        dh, da = p.passing((kept, n, p.m)), by_unit(p.da)
        dz = p.name("dz", p.da if p.plan.memory is not None else p.passing((n, T, p.m)))
        if p.explains:
            p.name("dh", by_unit(dh))
        for half in self.halves(p):
            here, UT = half.units, p.blocks[1][half.number, 0].T
            steps = [(da[t, here], slope[t, here], dh[t % kept, here], dz[here, t]) for t in half.times[::-1]]
            buffer = p.passing((here.stop - here.start, p.m))
            p.backward(
                "for t backward: dh = da + Uᵀ dz⟨t+1⟩, dz = dh ⊙ g'(z)", "dz", _backward, UT, buffer, steps
            )
        self.input_gradients(p, dz[np.newaxis])
        room = p.passing(slope.shape) if p.explains else slope  # nobody else needs the slope any more
        self.state_gradients(p, dz[np.newaxis], self.shifted(p, p.a, room), slice(None))

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        H = p.shape[0] // (1 + self.bidirectional)
        for half in self.halves(p):
            units = range(half.units.start, half.units.stop)
            if phase is Phase.FORWARD:
                for t in half.times:
                    for k in units:
                        yield Moment("z", (k, t), self.sum_steps(p, t == half.times[0]))
                        yield Moment("a", (k, t))
            if phase is Phase.BACKWARD:
                for t in half.times[::-1]:
                    for k in units:
                        yield Moment("da", (k, t), None)
                        yield Moment("dh", (k, t), steps_of_sum(H * (half.after(t) is not None), 1))
                        yield Moment("slope", (k, t))
                        yield Moment("dz", (k, t))
        if phase is Phase.BACKWARD:
            yield from self.gradient_moments(p)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        match array:
            case "z":
                terms = self.from_input(p, "", index, example) + self.from_state(p, "", index, example)
                return total(*terms, p.ref("b", (index[0], 0)))
            case "a":
                z = p.ref("z", index, example)
                return Function("tanh", z) if self.activation == "tanh" else Maximum((Number(0.0), z))
            case "dh":
                after = self.half(p, index[0]).after(index[1])
                return total(
                    *self.to_state(p, (("", "dz"),), index, after, example), p.ref("da", index, example)
                )
            case "slope":
                if self.activation == "tanh":
                    return minus(Number(1.0), Power(p.ref("a", index, example), 2))
                return Truth(p.ref("z", index, example), ">", Number(0.0))
            case "dz":
                return Product((p.ref("dh", index, example), p.ref("slope", index, example)))
        return self.share(p, array, index, example)


_Steps = Sequence[tuple[Array, ...]]


def _forward(U: Array, buffer: Array, steps: _Steps, zeros: Array | None) -> None:
    """With tanh, or where zeros are given with ReLU."""
    for before, z, h in steps:
        U.dot(before, buffer)
        np.add(z, buffer, z)
        if zeros is None:
            np.tanh(z, h)
        else:
            np.maximum(z, zeros, out=h)


def _slope(h: Array, slope: Array, tanh: bool) -> None:
    if tanh:
        np.multiply(h, h, slope)
        np.subtract(1.0, slope, slope)
    else:
        np.greater(h, 0.0, slope)


def _backward(UT: Array, buffer: Array, steps: _Steps) -> None:
    """``buffer`` holds dz of the step after, at the beginning none."""
    buffer.fill(0.0)
    for da, slope, dh, dz in steps:
        UT.dot(buffer, dh)
        np.add(dh, da, dh)
        np.multiply(dh, slope, buffer)
        np.copyto(dz, buffer)
