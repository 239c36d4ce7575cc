"""The sum of several layers: a shortcut around others, as in a residual network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, total
from engine.core.place import HANDED_ON, Index, Place, Port, Shape, Terms
from engine.layers.base import layers
from engine.layers.copies import copied
from engine.layers.merged import Merged, the_same


@layers.add("add")
@dataclass(frozen=True)
class Add(Merged):
    """``a = a₁ + a₂ + ...`` cell by cell, of inputs of the same shape; ``da_k = da`` for every input.

    The gradient goes back undiminished along every way: so a shortcut around layers keeps deep
    networks trainable. Source: He, Zhang, Ren and Sun, *Deep residual learning*, 2016.
    """

    title = "Add"
    summary = "Adds its inputs cell by cell, such as a layer and a shortcut around it."
    stem = "add"
    rank = 10
    words = {
        "a": ("sum", "a[l] = Σ a of the inputs", "a = a_1 + a_2"),
        "da": ("blame", "da_k = da", "da_1 = da_2 = da"),
    }

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return the_same("a sum", inputs)

    def forward(self, p: Place) -> None:
        first, second, *others = p.inputs
        p.forward("a = a₁ + a₂", "a", np.add, first.a, second.a, p.a)
        for port in others:
            p.forward("a = a + a_k", "a", np.add, p.a, port.a, p.a)

    def backward(self, p: Place) -> None:
        assert p.da is not None
        for port in p.inputs:
            p.hand_back(port, "da_k = da", copied, p.da)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        return total(*(p.ref_a_prev(port, index, example) for port in p.inputs))

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return p.ref("da", index, example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON
