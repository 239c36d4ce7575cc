"""Reshape: the same numbers read in another shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.place import Keys, Shape
from engine.core.problems import DocumentError
from engine.core.shapes import shape_of, spoken
from engine.layers.base import layers
from engine.layers.reordered import Reordered, flattened_keys, flattened_shape


@layers.add("reshape")
@dataclass(frozen=True)
class Reshape(Reordered):
    """The numbers of one example, in C order, read in the shape that ``shape`` says.

    (784, m) read as 1×28×28 is (1, 28, 28, m): row by row, one channel after the other. No number
    is moved and none is lost; ``da_prev`` is da in the old shape.
    """

    title = "Reshape"
    summary = "Reads the same numbers in another shape: a vector as an image, for example."
    stem = "reshape"
    rank = 56
    words = {
        "a": ("copy", "a[l] = a[l−1] in another shape", "a = a_prev.reshape(*shape, m)"),
        "da": ("blame", "da[l] = da[l+1] in the old shape", "da_prev = da.reshape(a_prev.shape)"),
    }

    shape: str = knob(
        "",
        "Shape",
        help="Empty for a vector; 8×7×7 for an image (channels, height, width), 8×20 for 8 features at"
        " 20 time steps.",
    )

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        shape, given = shape_of(self.shape), inputs[0]
        if shape and math.prod(shape) != math.prod(given):
            raise DocumentError(
                f"The shape {spoken(shape)} has {math.prod(shape)} numbers, but {spoken(given)} ="
                f" {math.prod(given)} come in: change the shape."
            )
        return shape or flattened_shape(given)

    def keys(self, units: Keys, shape: Shape, inputs: Sequence[Keys]) -> Keys:
        if inputs and not shape_of(self.shape):
            return flattened_keys(shape, inputs[0])
        return super().keys(units, shape, inputs)
