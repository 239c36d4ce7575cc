"""The product of several layers, cell by cell: one layer is the gate of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Product
from engine.core.place import Index, Place, Port, Shape, Terms
from engine.core.plan import Array
from engine.layers.base import layers
from engine.layers.merged import Merged, the_same


@layers.add("multiply")
@dataclass(frozen=True)
class Multiply(Merged):
    """``a = a₁ ⊙ a₂ ⊙ ...`` of inputs of the same shape; ``da_k = da ⊙`` the other inputs."""

    title = "Multiply"
    summary = "Multiplies its inputs cell by cell; with values from 0 to 1 one input is the gate of another."
    stem = "product"
    rank = 20
    words = {
        "a": ("product", "a[l] = a_1 ⊙ a_2", "a = a_1 * a_2"),
        "da": ("blame", "da_1 = da ⊙ a_2", "da_1 = da * a_2"),
    }

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return the_same("a product", inputs)

    def forward(self, p: Place) -> None:
        first, second, *others = p.inputs
        p.forward("a = a₁ ⊙ a₂", "a", np.multiply, first.a, second.a, p.a)
        for port in others:
            p.forward("a = a ⊙ a_k", "a", np.multiply, p.a, port.a, p.a)

    def backward(self, p: Place) -> None:
        assert p.da is not None
        for port in p.inputs:
            factors = [each.a for each in p.inputs if each is not port]
            p.hand_back(port, "da_k = da ⊙ the other inputs", _product, p.da, *factors)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        return Product(tuple(p.ref_a_prev(port, index, example) for port in p.inputs))

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        others = (p.ref_a_prev(each, index, example) for each in p.inputs if each is not port)
        return Product((p.ref("da", index, example), *others))

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(1)


def _product(first: Array, second: Array, *more: Array) -> None:
    """``out = first ⊙ second ⊙ ...``; the last argument is ``out``."""
    *others, out = more
    np.multiply(first, second, out)
    for each in others:
        np.multiply(out, each, out)
