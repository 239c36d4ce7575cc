"""The dot product of two layers: how well two vectors agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.core.expressions import Expression, Product, total
from engine.core.place import Index, Place, Port, Shape, Terms, steps_of_sum
from engine.layers.base import layers
from engine.layers.merged import Merged, the_same


@layers.add("dot_product")
@dataclass(frozen=True)
class DotProduct(Merged):
    """``a = uᵀ v = Σ_i u_i v_i`` of two inputs (n,), a single number (1,).

    Of sequences and images at every time step or pixel: (n, ...) and (n, ...) make (1, ...).
    Backward: ``du = da ⊙ v``, ``dv = da ⊙ u``. With an embedding of a user and one of an item it
    predicts a rating. Source: Koren, Bell and Volinsky, *Matrix factorization techniques for
    recommender systems*, 2009.
    """

    title = "Dot product"
    summary = "Multiplies two vectors cell by cell and adds: a large number if they point the same way."
    stem = "dot"
    takes = (2, 2)
    rank = 40
    loops = {
        "a": "a[0, at, e] = sum[i](a_1[i, at, e] * a_2[i, at, e])",
        "da_1": "da_1[i, at, e] = da[0, at, e] * a_2[i, at, e]",
        "da_2": "da_2[i, at, e] = da[0, at, e] * a_1[i, at, e]",
    }
    words = {
        "a": ("value", "a[l] = Σ u_i v_i", "a = (u * v).sum(axis=0, keepdims=True)"),
        "da": ("blame", "du = da ⊙ v", "du = da * v"),
    }

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return (1, *the_same("a dot product", inputs)[1:])

    def forward(self, p: Place) -> None:
        u, v = p.inputs
        p.forward("a = Σ u ⊙ v", "a", partial(np.einsum, "i...,i...->...", u.a, v.a, out=p.a[0]))

    def backward(self, p: Place) -> None:
        assert p.da is not None
        u, v = p.inputs
        p.hand_back(u, "du = da ⊙ v", np.multiply, p.da, v.a)
        p.hand_back(v, "dv = da ⊙ u", np.multiply, p.da, u.a)

    def steps_of_a(self, p: Place) -> int:
        return steps_of_sum(p.inputs[0].shape[0], 0)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        u, v = p.inputs
        pairs = (
            (p.ref_a_prev(u, (i, *index[1:]), example), p.ref_a_prev(v, (i, *index[1:]), example))
            for i in range(u.shape[0])
        )
        return total(*(Product(pair) for pair in pairs))

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        other = p.inputs[1] if port is p.inputs[0] else p.inputs[0]
        return Product((p.ref("da", (0, *index[1:]), example), p.ref_a_prev(other, index, example)))

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(1)
