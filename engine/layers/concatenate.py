"""Several layers side by side as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.core.expressions import Expression
from engine.core.place import HANDED_ON, Index, Keys, Place, Port, Shape, Terms
from engine.core.problems import DocumentError
from engine.layers.base import layers
from engine.layers.copies import copied
from engine.layers.merged import Merged


@layers.add("concatenate")
@dataclass(frozen=True)
class Concatenate(Merged):
    """``a = [a₁; a₂; ...]``: the units (features, channels) of the inputs one below the other.

    Inputs (n_k, ...) of the same time steps or pixels make (Σ n_k, ...); ``da_k`` is its stretch of da.
    """

    title = "Concatenate"
    summary = "Puts the units of its inputs one below the other, so that the next layer sees them all."
    stem = "joined"
    rank = 30
    words = {
        "a": ("copy", "a[l] = [a_1; a_2]", "a = np.concatenate([a_1, a_2])"),
        "da": ("blame", "da_k = its stretch of da", "da_1, da_2 = np.split(da, [n_1])"),
    }

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if any(shape[1:] != inputs[0][1:] for shape in inputs):
            raise DocumentError(
                "Inputs that are joined must be of one kind: all vectors, as long, or as high and wide."
            )
        return (sum(shape[0] for shape in inputs), *inputs[0][1:])

    def keys(self, units: Keys, shape: Shape, inputs: Sequence[Keys]) -> Keys:
        joined = tuple((key, which) for which, keys in enumerate(inputs) for key in keys)
        return joined if len(joined) == shape[0] else tuple(range(shape[0]))

    def forward(self, p: Place) -> None:
        p.forward("a = [a₁; a₂]", "a", partial(np.concatenate, [port.a for port in p.inputs], out=p.a))

    def backward(self, p: Place) -> None:
        assert p.da is not None
        for port, start in _starts(p):
            p.hand_back(port, "da_k = its stretch of da", copied, p.da[start : start + port.shape[0]])

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        port, start = next(each for each in reversed(list(_starts(p))) if each[1] <= index[0])
        return p.ref_a_prev(port, (index[0] - start, *index[1:]), example)

    def loop(self, p: Place, array: str) -> str:
        starts = [start for _, start in _starts(p)]
        if array == "a":
            text = ""
            for number, start in reversed(list(enumerate(starts, 1))):
                piece = f"a_{number}[i - {start}, at, e]"
                text = f"{piece} if i < {starts[number]} else {text}" if text else piece
            return f"a[i, at, e] = {text}"
        number = int(array.removeprefix("da_")) if array.startswith("da_") else 0
        return f"{array}[i, at, e] = da[i + {starts[number - 1]}, at, e]" if number else ""

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        start = next(start for each, start in _starts(p) if each is port)
        return p.ref("da", (start + index[0], *index[1:]), example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON


def _starts(p: Place) -> Iterator[tuple[Port, int]]:
    """Every input with the place of its first unit."""
    start = 0
    for port in p.inputs:
        yield port, start
        start += port.shape[0]
