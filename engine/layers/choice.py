"""A switch between two layers: the real example or the made-up one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Sum, minus, total
from engine.core.place import WHOLE, Index, Place, Port, Shape, Terms
from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.core.shapes import spoken
from engine.layers.base import layers
from engine.layers.merged import Merged, cells, the_same


@layers.add("choice")
@dataclass(frozen=True)
class Choice(Merged):
    """``a = s ⊙ x + (1 − s) ⊙ g`` of the inputs x (real), g (made up) and s (the switch), in that order.

    s is one number (1,) for every example, or has the shape of x and g. With s = 1 the example x
    goes on, with s = 0 the example g: so the discriminator of a GAN sees both in one batch.
    Backward: ``dx = s ⊙ da``, ``dg = (1 − s) ⊙ da``, ``ds = (x − g) ⊙ da``, added up over all the
    numbers of an example if s is one number. Source: Goodfellow et al., *Generative adversarial
    nets*, 2014.
    """

    title = "Switch"
    summary = "Lets the first input through where the third is 1 and the second where it is 0."
    stem = "switch"
    takes = (3, 3)
    rank = 50
    words = {
        "a": ("choice", "a[l] = s x + (1 − s) g", "a = s * x + (1 - s) * g"),
        "da": ("blame", "dx = s da, dg = (1 − s) da", "dx, dg = s * da, (1 - s) * da"),
    }

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        x, g, s = inputs
        shape = the_same("a switch", (x, g))
        if s not in {(1,), shape}:
            raise DocumentError(
                f"The third input of a switch must be a single number or {spoken(shape)} numbers, not"
                f" {spoken(s)}: connect the two to choose from first, then the switch."
            )
        return shape

    def forward(self, p: Place) -> None:
        x, g, s = (port.a for port in p.inputs)
        s = _spread(s, x)
        rest, part = p.kept(s.shape), p.passing(x.shape)
        p.work["1 − s"] = rest
        p.forward("1 − s", "a", np.subtract, p.plan.constant(1.0), s, rest)
        p.forward("(1 − s) ⊙ g", "a", np.multiply, rest, g, part)
        p.forward("s ⊙ x", "a", np.multiply, s, x, p.a)
        p.forward("a = s ⊙ x + (1 − s) ⊙ g", "a", np.add, p.a, part, p.a)

    def backward(self, p: Place) -> None:
        assert p.da is not None
        x, g, s = p.inputs
        p.hand_back(x, "dx = s ⊙ da", np.multiply, _spread(s.a, x.a), p.da)
        p.hand_back(g, "dg = (1 − s) ⊙ da", np.multiply, p.work["1 − s"], p.da)
        p.hand_back(s, "ds = Σ (x − g) ⊙ da", _pull, x.a, g.a, p.da)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        x, g, s = p.inputs
        switch = p.ref_a_prev(s, _of_switch(s, p, index), example)
        return Sum(
            (
                Product((switch, p.ref_a_prev(x, index, example))),
                Product((minus(Number(1.0), switch), p.ref_a_prev(g, index, example))),
            )
        )

    def loop(self, p: Place, array: str) -> str:
        whole = p.inputs[2].shape == p.shape
        s, difference = (
            "a_3[i, at, e]" if whole else "a_3[0, e]",
            "(a_1[i, at, e] - a_2[i, at, e]) * da[i, at, e]",
        )
        return {
            "a": f"a[i, at, e] = {s} * a_1[i, at, e] + (1 - {s}) * a_2[i, at, e]",
            "da_1": f"da_1[i, at, e] = {s} * da[i, at, e]",
            "da_2": f"da_2[i, at, e] = (1 - {s}) * da[i, at, e]",
            "da_3": f"d{s} = " + (difference if whole else f"sum[i, at]({difference})"),
        }.get(array, "")

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        x, g, s = p.inputs
        if port is s:
            there = [index] if s.shape == p.shape else list(cells(p.shape))
            return total(
                *(
                    Product(
                        (
                            minus(p.ref_a_prev(x, each, example), p.ref_a_prev(g, each, example)),
                            p.ref("da", each, example),
                        )
                    )
                    for each in there
                )
            )
        switch: Expression = p.ref_a_prev(s, _of_switch(s, p, index), example)
        if port is g:
            switch = minus(Number(1.0), switch)
        return Product((switch, p.ref("da", index, example)))

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return WHOLE


def _of_switch(s: Port, p: Place, index: Index) -> Index:
    """The cell of the switch that decides on a cell of the output."""
    return index if s.shape == p.shape else (0,)


def _spread(s: Array, x: Array) -> Array:
    """s (1, m) with as many axes as x, so that the two can be multiplied; a view."""
    return s if s.ndim == x.ndim else s.reshape(*(1 for _ in x.shape[1:]), -1)


def _pull(x: Array, g: Array, da: Array, out: Array) -> None:
    """``out = (x − g) ⊙ da``, added up over an example where ``out`` is one number for it."""
    if out.shape == x.shape:
        np.subtract(x, g, out)
        np.multiply(out, da, out)
    else:
        m = x.shape[-1]
        np.einsum("ij,ij->j", (x - g).reshape(-1, m), da.reshape(-1, m), out=out[0])
