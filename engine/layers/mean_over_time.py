"""The mean of a sequence over its steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, times, total
from engine.core.place import WHOLE, Index, Place, Port, Terms
from engine.core.plan import Array
from engine.layers.base import layers
from engine.layers.kept_steps import KeptSteps, counting, counts, no_gradient


@layers.add("mean_over_time")
@dataclass(frozen=True)
class MeanOverTime(KeptSteps):
    """``a = 1/T Σ a_prev⟨t⟩``: from (n, T, m) to (n, m). Backward: ``da_prev⟨t⟩ = 1/T da``.

    A second input (T, m), such as numbers of symbols, marks padding with 0: the mean is then taken
    over the steps whose mark is not 0, and is 0 where all are.
    """

    title = "Mean over time"
    summary = "Takes the mean of a sequence over its steps."
    stem = "mean"
    rank = 61
    loops = {
        "a": "a[i, e] = sum[t](a_prev[i, t, e]) / T",
        "da": "da_prev[i, t, e] = da[i, e] / T",
    }
    words = {
        "a": ("mean", "a = 1/T Σ a[l−1]⟨t⟩", "a = a_prev.mean(axis=1)"),
        "da": ("blame", "da[l]⟨t⟩ = 1/T da[l+1]", "da_prev = da / T"),
    }

    def forward(self, p: Place) -> None:
        a_prev, marks = p.inputs[0].a, counts(p)
        if marks is None:
            p.forward("a = Σ a_prev⟨t⟩", "a", _sum, a_prev, p.a)
            share = p.plan.constant(1.0 / p.inputs[0].shape[1])
            p.forward("a = 1/T Σ a_prev⟨t⟩", "a", np.multiply, p.a, share, p.a)
            return
        shares, part = p.passing(marks.shape), p.passing(a_prev.shape)
        p.forward("1/T of the steps that count, else 0", "a", _shares, marks, shares)
        p.forward("a_prev / T", "a", np.multiply, a_prev, shares, part)
        p.forward("a = Σ a_prev⟨t⟩ / T", "a", _sum, part, p.a)

    def backward(self, p: Place) -> None:
        marks = counts(p)
        assert p.da is not None
        shares = p.scratch((p.inputs[0].shape[1], p.m))
        if marks is None:
            shares.fill(1.0 / len(shares))
        else:
            p.backward("1/T of the steps that count, else 0", "da_prev", _shares, marks, shares)
        p.hand_back(p.inputs[0], "da_prev = 1/T da", np.multiply, p.da[:, np.newaxis], shares)
        if len(p.inputs) > 1:
            no_gradient(p, p.inputs[1])

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        kept = counting(p, example)
        if not kept:
            return Number(0.0)
        a_prev = (p.ref_a_prev(p.inputs[0], (index[0], t), example) for t in kept)
        return Product((_share(len(kept)), total(*a_prev)))

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        """What does not count gets no share, in a formula like that of the others."""
        kept = counting(p, example)
        if port is not p.inputs[0]:
            return Number(0.0)
        share = _share(len(kept)) if index[1] in kept else Number(0.0)
        return times(share, p.ref("da", index[:1], example))

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return WHOLE if port is p.inputs[0] else Terms()


def _share(count: int) -> Number:
    return Number(1.0 / count, f"1/{count}")


def _sum(values: Array, out: Array) -> None:
    np.add.reduce(values, axis=1, out=out)


def _shares(marks: Array, shares: Array) -> None:
    """1 over the number of the steps whose mark is not 0; 0 at the others."""
    np.not_equal(marks, 0.0, out=shares)
    np.divide(shares, np.maximum(shares.sum(axis=0), 1.0), shares)
