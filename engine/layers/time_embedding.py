"""The time embedding: tells a network how far a process has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Product, total
from engine.core.place import Index, Moment, Place, Port, Shape, Terms
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.layers.base import LayerKind, layers
from engine.layers.waves import lengths, wave, wave_slope


@layers.add("time_embedding")
@dataclass(frozen=True)
class TimeEmbedding(LayerKind):
    """``a_i = sin(t / 10000^(i/d))`` for even i and ``cos(t / 10000^((i−1)/d))`` for odd i, from 0.

    The input is the time t (1, m), such as the number of a diffusion step, and a is (d, m). Of an
    input with n numbers each gets d features of its own, and a is (n d, m). It has no parameters. Backward:
    ``dt = Σ_i ∂a_i/∂t · da_i`` (Vaswani et al., 2017; Ho, Jain and Abbeel, 2020).
    """

    title = "Time embedding"
    summary = "Turns the time t into waves of many lengths, which a network can read more easily."
    stem = "time"
    group = "Sequences"
    starting_units = 8
    rank = 58
    letters = {"slope": "∂a/∂t"}
    loops = {
        "a": (
            "a[i, e] = sin(a_prev[i // d, e] / 10000 ** (i % d / d)) if i % d % 2 == 0 else"
            " cos(a_prev[i // d, e] / 10000 ** ((i % d - 1) / d))"
        ),
        "slope": (
            "slope[i, e] = cos(a_prev[i // d, e] / 10000 ** (i % d / d)) / 10000 ** (i % d / d) if i"
            " % d % 2 == 0 else -sin(a_prev[i // d, e] / 10000 ** ((i % d - 1) / d)) / 10000 ** ((i %"
            " d - 1) / d)"
        ),
        "da": "da_prev[n, e] = sum[i:d](slope[n * d + i, e] * da[n * d + i, e])",
    }
    words = {
        "a": ("wave", "a_i = sin, cos(t / 10000^(i/d))", "a = waves(t, d)"),
        "slope": ("slope", "∂a_i/∂t", "slope = waves_prime(t, d)"),
        "da": ("blame", "dt = Σ ∂a_i/∂t · da_i", "dt = (slope * da).sum(axis=0)"),
    }

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if len(inputs[0]) != 1:
            raise DocumentError("A time embedding takes the time as one number, or a vector of such numbers.")
        return (units * inputs[0][0],)

    def forward(self, p: Place) -> None:
        t, angle = self._numbers(p)
        a = p.a.reshape(angle.shape)
        p.forward("t / 10000^(i/d)", "a", np.divide, t, self._lengths(p), angle)
        p.forward("a_i = sin(t / 10000^(i/d))", "a", np.sin, angle[:, 0::2], a[:, 0::2])
        p.forward("a_i = cos(t / 10000^((i−1)/d))", "a", np.cos, angle[:, 1::2], a[:, 1::2])

    def backward(self, p: Place) -> None:
        port = p.inputs[0]
        if port.da is None:
            return
        assert p.da is not None
        t, angle = self._numbers(p)
        slope, length = p.passing(name="slope").reshape(angle.shape), self._lengths(p)
        p.backward("t / 10000^(i/d)", "slope", np.divide, t, length, angle)
        p.backward("cos(t / 10000^(i/d))", "slope", np.cos, angle[:, 0::2], slope[:, 0::2])
        p.backward("sin(t / 10000^((i−1)/d))", "slope", np.sin, angle[:, 1::2], slope[:, 1::2])
        p.backward("∂a_i/∂t", "slope", np.divide, slope, self._signs(p) * length, slope)
        p.hand_back(port, "dt = Σ ∂a_i/∂t · da_i", _summed, slope, p.da.reshape(slope.shape), angle)

    def _numbers(self, p: Place) -> tuple[Array, Array]:
        """The times (n, 1, m), and a scratch array (n, d, m)."""
        t = p.inputs[0].a[:, None]
        return t, p.passing((len(t), self._d(p), p.m))

    def _d(self, p: Place) -> int:
        return p.shape[0] // p.inputs[0].shape[0]

    def _lengths(self, p: Place) -> Array:
        return lengths(self._d(p))[:, None].astype(p.plan.dtype)

    def _signs(self, p: Place) -> Array:
        return np.where(np.arange(self._d(p)) % 2, -1, 1)[:, None].astype(p.plan.dtype)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        for i in range(p.shape[0]):
            if phase is Phase.FORWARD:
                yield Moment("a", (i,))
            if phase is Phase.BACKWARD:
                yield from (Moment("da", (i,), None), Moment("slope", (i,)))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        number, i = divmod(index[0], self._d(p))
        t = p.ref_a_prev(p.inputs[0], (number,), example)
        match array:
            case "a":
                return wave(t, i, self._d(p))
            case "slope":
                return wave_slope(t, i, self._d(p))
        raise KeyError(array)

    def numbers_in_loops(self, p: Place) -> Mapping[str, float]:
        return {"d": self._d(p)}

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        d = self._d(p)
        its = [(i,) for i in range(index[0] * d, (index[0] + 1) * d)]
        return total(*(Product((p.ref("slope", at, example), p.ref("da", at, example))) for at in its))

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(self._d(p))


def _summed(slope: Array, da: Array, product: Array, out: Array) -> None:
    np.multiply(slope, da, product)
    np.sum(product, axis=1, out=out)
