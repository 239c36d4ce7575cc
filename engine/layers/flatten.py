"""Flatten: the numbers of an image or a sequence in one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.place import Keys, Shape
from engine.layers.base import layers
from engine.layers.reordered import Reordered, flattened_keys, flattened_shape


@layers.add("flatten")
@dataclass(frozen=True)
class Flatten(Reordered):
    """``a[(c H + y) W + x] = a_prev[c, y, x]``: channel by channel, row by row (C order).

    Of (channels, height, width, m) it makes (channels · height · width, m), of a sequence
    (features, time, m) a vector (features · time, m). ``da_prev`` is da in the old shape. Every cell
    keeps the key of its channel, so a dense layer behind it keeps its weights when a filter is
    added or removed.
    """

    title = "Flatten"
    summary = "Puts all numbers of an image or a sequence into one column, for a dense layer."
    stem = "flatten"
    rank = 55
    words = {
        "a": ("copy", "a[l] = a[l−1] in one column", "a = a_prev.reshape(-1, m)"),
        "da": ("blame", "da[l] = da[l+1] in the old shape", "da_prev = da.reshape(a_prev.shape)"),
    }

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return flattened_shape(inputs[0])

    def keys(self, units: Keys, shape: Shape, inputs: Sequence[Keys]) -> Keys:
        return flattened_keys(shape, inputs[0]) if inputs else super().keys(units, shape, inputs)
