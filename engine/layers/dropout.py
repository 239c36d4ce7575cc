"""Dropout: while it learns, the network must do without some of its units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Quotient, Ref
from engine.core.knobs import knob
from engine.core.place import Index, Moment, Place, Port, Shape, positions
from engine.core.plan import Array, Phase
from engine.layers.base import LayerKind, layers
from engine.layers.copies import copied


@layers.add("dropout")
@dataclass(frozen=True)
class Dropout(LayerKind):
    """``a = r ⊙ x / (1 − q)`` while training, ``a = x`` when the network predicts.

    Every number of the mask r, of the shape of x, is 0 with probability q (the rate) and 1 else, drawn
    anew in every update; dividing by 1 − q keeps the mean as it is (inverted dropout). Backward:
    ``dx = r ⊙ da / (1 − q)``. Srivastava et al., 2014.
    """

    title = "Dropout"
    summary = "Switches units off at random while training, so that none relies on another."
    stem = "dropout"
    group = "Regularisation"
    sized = False
    rank = 70
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

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return inputs[0]

    def forward(self, p: Place) -> None:
        x = p.inputs[0].a
        if not p.training:
            p.forward("a = a_prev", "a", copied, x, p.a)
            return
        mask, drawn = p.array("mask"), p.scratch(p.a.shape)

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

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.UPDATE:
            return
        arrays: tuple[tuple[str, int | None], ...] = (("da", None),)
        if phase is Phase.FORWARD:
            arrays = (("mask", 1), ("a", 1)) if p.training else (("a", 1),)
        for at in positions(p.shape):
            for i in range(p.shape[0]):
                yield from (Moment(array, (i, *at), steps) for array, steps in arrays)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        match array:
            case "mask":
                return Number(float(p.known("mask")[(*index, example)]))
            case "a":
                x = p.ref_a_prev(p.inputs[0], index, example)
                return self._thinned(p, x, index, example) if p.training else x
        raise KeyError(array)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return self._thinned(p, p.ref("da", index, example), index, example)

    def _thinned(self, p: Place, value: Ref, index: Index, example: int) -> Expression:
        return Quotient(Product((p.ref("mask", index, example), value)), Number(1.0 - self.rate))


def _kept(values: Array, mask: Array, scale: Array, out: Array) -> None:
    np.multiply(values, mask, out)
    np.multiply(out, scale, out)
