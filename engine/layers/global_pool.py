"""Pooling over all positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from engine.core.expressions import Expression, Maximum, Number, Product, Quotient, Ref, Truth, total
from engine.core.knobs import knob
from engine.core.loops import POSITIONS
from engine.core.place import HANDED_ON, WHOLE, Index, Keys, Moment, Place, Port, Shape, Terms, positions
from engine.core.plan import Array, Phase
from engine.layers.base import LayerKind, layers
from engine.layers.pooling import check_positions
from engine.layers.window_loops import winners


@layers.add("global_pool")
@dataclass(frozen=True)
class GlobalPool(LayerKind):
    """One number a channel: ``a[c] = 1/n Σ a_prev[c, ...]`` or ``a[c] = max a_prev[c, ...]``.

    Over all n pixels of an image (channels, height, width, m) or all time steps of a sequence
    (features, time, m); a is (channels, m). It works for any size of image and has no parameters.

    Backward: ``da_prev[c, ...] = 1/n da[c]`` everywhere, or ``da[c]`` for the winner and 0 for the
    others; of equal cells the first wins, row by row from the top left.

    Lin, Chen and Yan, 2014 (global average pooling).
    """

    title = "Global pooling"
    summary = "Makes one number of each feature map: its mean or its largest."
    group = "Images"
    stem = "pool"
    sized = False
    rank = 50
    words = {
        "a": ("pooling", "a[l] = mean or max over all positions", "a[c] = a_prev[c].mean()  # or max()"),
        "da": ("blame", "da[l] = 1/n da[l+1], or da[l+1] for the winner", "da_prev[c] = da[c] / n"),
    }  # fmt: skip

    over: str = knob("mean", "What is kept", choices=("mean", "max"))

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        check_positions(inputs[0])
        return inputs[0][:1]

    def keys(self, units: Keys, shape: Shape, inputs: Sequence[Keys]) -> Keys:
        return inputs[0] if inputs else super().keys(units, shape, inputs)

    def forward(self, p: Place) -> None:
        x = _spread_out(p.inputs[0].a)
        if self.over == "max":
            p.forward("a = max a_prev", "a", np.maximum.reduce, x, 1, None, p.a)
            return
        p.forward("a = Σ a_prev", "a", np.add.reduce, x, 1, None, p.a)
        p.forward("a = 1/n Σ a_prev", "a", np.multiply, p.a, p.plan.constant(1.0 / x.shape[1]), p.a)

    def backward(self, p: Place) -> None:
        port = p.inputs[0]
        if port.da is None or p.da is None:
            return
        x = _spread_out(port.a)
        if self.over == "mean":
            share = p.plan.full(x.shape, 1.0 / x.shape[1])
            p.hand_back(port, "da_prev = 1/n da", _everywhere, p.da, share)
            return
        winner, won = p.passing((x.shape[0], 1, p.m), dtype=np.intp), p.passing(x.shape, dtype=bool)
        places = np.arange(x.shape[1])[:, None]
        p.backward("winner = first of the largest", "winner", np.argmax, x, 1, winner[:, 0])
        p.backward("won = [place = winner]", "won", np.equal, places, winner, won)
        p.hand_back(port, "da_prev = da ⊙ won", _everywhere, p.da, won)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        array, steps = ("a", 1) if phase is Phase.FORWARD else ("da", None)
        if phase in {Phase.FORWARD, Phase.BACKWARD}:
            yield from (Moment(array, (i,), steps) for i in range(p.shape[0]))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        cells = self._cells(p, index[0], example)
        return (
            Maximum(tuple(cells))
            if self.over == "max"
            else Quotient(total(*cells), Number(float(len(cells))))
        )

    def loop(self, p: Place, array: str) -> str:
        at, (channels, *sizes) = POSITIONS[len(p.inputs[0].shape)], p.inputs[0].shape
        place, n = f"c, {', '.join(at)}, e", prod(sizes)
        match array, self.over:
            case "a", "mean":
                return f"a[c, e] = sum[{', '.join(at)}](a_prev[{place}]) / {n}"
            case "a", _:
                return f"a[c, e] = max[{', '.join(at)}](a_prev[{place}])"
            case "da", "mean":
                return f"da_prev[{place}] = da[c, e] / {n}"
            case "da", _:
                inner = dict(zip(at, sizes, strict=True))
                return winners({"e": p.m, "c": channels}, inner, place, "c, e")
        return ""

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        da = p.ref("da", index[:1], example)
        cells = self._cells(p, index[0], example)
        if self.over == "mean":
            return Quotient(da, Number(float(len(cells))))
        x = p.ref_a_prev(port, index, example)
        wins: list[Expression] = [Truth(x, "=", p.ref("a", index[:1], example))]
        before = cells[: [each.index for each in cells].index(index)]
        if before:
            wins.append(Truth(x, ">", before[0] if len(before) == 1 else Maximum(tuple(before))))
        return Product((*wins, da))

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON if self.over == "mean" else WHOLE

    def _cells(self, p: Place, channel: int, example: int) -> list[Ref]:
        port = p.inputs[0]
        return [p.ref_a_prev(port, (channel, *at), example) for at in positions(port.shape)]


def _spread_out(image: Array) -> Array:
    """An image as (channels, positions, m), without a copy."""
    return image.reshape(image.shape[0], -1, image.shape[-1])


def _everywhere(da: Array, share: Array, da_prev: Array) -> None:
    np.multiply(da[:, None], share, _spread_out(da_prev))
