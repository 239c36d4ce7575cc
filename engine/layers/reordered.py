"""What layers have in common that only read the same numbers in another shape.

This module holds no kind.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression
from engine.core.loops import POSITIONS
from engine.core.place import HANDED_ON, Index, Keys, Moment, Place, Port, Shape, Terms, positions
from engine.core.plan import Array, Phase
from engine.layers.base import LayerKind


@dataclass(frozen=True)
class Reordered(LayerKind):
    """``a`` has the numbers of ``a_prev`` in C order; a kind says the shape."""

    group = "Images"
    sized = False

    def forward(self, p: Place) -> None:
        p.forward("a = a_prev, in another shape", "a", _copy, p.inputs[0].a, p.a)

    def backward(self, p: Place) -> None:
        p.hand_back(p.inputs[0], "da_prev = da, in the old shape", _copy, p.da)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        array, steps = ("a", 1) if phase is Phase.FORWARD else ("da", None)
        if phase in {Phase.FORWARD, Phase.BACKWARD}:
            for i in range(p.shape[0]):
                for at in positions(p.shape):
                    yield Moment(array, (i, *at), steps)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        port = p.inputs[0]
        return p.ref_a_prev(port, moved(index, p.shape, port.shape), example)

    def loop(self, p: Place, array: str) -> str:
        before, after = p.inputs[0].shape, p.shape
        names = ("c", *POSITIONS[len(before)])
        flat = names[0]
        for name, size in zip(names[1:], before[1:], strict=True):
            flat = f"({flat}) * {size} + {name}"
        there = [f"({flat}) // {math.prod(after[k + 1 :])} % {n}" for k, n in enumerate(after)]
        here, moved = ", ".join((*names, "e")), ", ".join((*there, "e")) if len(after) > 1 else f"{flat}, e"
        return {"a": f"a[{moved}] = a_prev[{here}]", "da": f"da_prev[{here}] = da[{moved}]"}.get(array, "")

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return p.ref("da", moved(index, port.shape, p.shape), example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON


def moved(index: Index, here: Shape, there: Shape) -> Index:
    """Where a cell of one shape lies in another of as many numbers, both in C order."""
    place = int(np.ravel_multi_index(index, here))
    return tuple(int(each) for each in np.unravel_index(place, there))


def flattened_shape(shape: Shape) -> Shape:
    """All numbers in one column."""
    return (math.prod(shape),)


def flattened_keys(shape: Shape, channels: Keys) -> Keys:
    """The key of every cell of a flattened image: that of its channel, and its place within it."""
    each = shape[0] // len(channels) if channels else 0
    if each == 1:
        return channels
    return tuple((key, place) for key in channels for place in range(each))


def _copy(values: Array, out: Array) -> None:
    np.copyto(out, values.reshape(out.shape))
