"""Dropout: while it learns, the network must do without some of its units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Quotient, Ref
from engine.core.knobs import knob
from engine.core.place import HANDED_ON, Index, Place, Port, Terms
from engine.core.plan import Array
from engine.layers.base import layers
from engine.layers.copies import copied
from engine.layers.disturbed import Disturbed


@layers.add("dropout")
@dataclass(frozen=True)
class Dropout(Disturbed):
    """``a = r ⊙ x / (1 − q)`` while training, ``a = x`` when the network predicts.

    Every number of the mask r, of the shape of x, is 0 with probability q (the rate) and 1 else, drawn
    anew in every update; dividing by 1 − q keeps the mean as it is (inverted dropout). Backward:
    ``dx = r ⊙ da / (1 − q)``. Srivastava et al., 2014.
    """

    title = "Dropout"
    summary = "Switches units off at random while training, so that none relies on another."
    stem = "dropout"
    rank = 70
    drawn = "mask"
    letters = {"mask": "r"}
    words = {
        "mask": ("draw", "r = 0 with probability q, else 1", "r = rng.random(a_prev.shape) >= q"),
        "a": ("mask", "a[l] = r ⊙ a[l−1] / (1 − q)", "a = r * a_prev / (1 - q)"),
        "da": ("blame", "da[l] = r ⊙ da[l+1] / (1 − q)", "da_prev = r * da / (1 - q)"),
    }

    rate: float = knob(
        0.5,
        "Rate",
        symbol="q",
        minimum=0.0,
        maximum=0.95,
        help="The share of units switched off.",
    )

    def forward(self, p: Place) -> None:
        x = p.inputs[0].a
        if not p.training:
            p.forward("a = a_prev", "a", copied, x, p.a)
            return
        mask, drawn = p.kept(name="mask"), p.passing()

        def draw(rng: np.random.Generator) -> None:
            rng.random(dtype=drawn.dtype.type, out=drawn)
            np.greater_equal(drawn, self.rate, mask)

        p.draw("mask", draw)
        p.forward("a = r ⊙ a_prev / (1 − q)", "a", _kept, x, mask, self._scale(p), p.a)

    def backward(self, p: Place) -> None:
        equation = "da_prev = r ⊙ da / (1 − q)"
        p.hand_back(p.inputs[0], equation, _kept, p.da, p.known("mask"), self._scale(p))

    def _scale(self, p: Place) -> Array:
        return p.plan.constant(1.0 / (1.0 - self.rate))

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return self.disturbed(p, p.ref("da", index, example), index, example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON

    def disturbed(self, p: Place, x: Ref, index: Index, example: int) -> Expression:
        return Quotient(Product((p.ref("mask", index, example), x)), Number(1.0 - self.rate))


def _kept(values: Array, mask: Array, scale: Array, out: Array) -> None:
    np.multiply(values, mask, out)
    np.multiply(out, scale, out)
