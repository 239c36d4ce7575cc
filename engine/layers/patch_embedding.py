"""Patches of an image as a sequence of vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Product, total
from engine.core.knobs import knob
from engine.core.place import (
    Block,
    Index,
    Moment,
    Part,
    Place,
    Port,
    Shape,
    Terms,
    flat,
    positions,
    steps_of_sum,
)
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.base import LayerKind, layers


@layers.add("patch_embedding")
@dataclass(frozen=True)
class PatchEmbedding(LayerKind):
    """Cuts an image into p × p patches and makes a vector of each: ``a⟨t⟩ = W x⟨t⟩ + b``.

    a_prev is (channels, height, width, m); patch t, counted row by row from the top left, is the
    column ``x⟨t⟩`` of its C·p·p numbers in the order (channel, row, column). W is (d, C·p·p), b (d, 1)
    and a (d, T, m) with T = (height / p) · (width / p). d is the number of units.

    Backward: ``dW = Σ da⟨t⟩ x⟨t⟩ᵀ`` and ``db = Σ da⟨t⟩`` over patches and examples; ``Wᵀ da⟨t⟩`` goes
    back to the pixels of the patch.

    Dosovitskiy et al., 2021 (ViT).
    """

    title = "Patch embedding"
    summary = "Cuts an image into square patches and makes one vector of each, for a vision transformer."
    group = "Images"
    stem = "patches"
    starting_units = 8
    rank = 70
    loops = {
        "a": (
            "a[i, t, e] = sum[c, j:P, k:P](W[i, c * P * P + j * P + k] * a_prev[c, t // N * P + j, t"
            " % N * P + k, e]) + b[i, 0]"
        ),
        "dW": (
            "dW[i, r] = sum[t, e](da[i, t, e] * a_prev[r // (P * P), t // N * P + r // P % P, t % N *"
            " P + r % P, e])"
        ),
        "db": "db[i, 0] = sum[t, e](da[i, t, e])",
        "da": (
            "da_prev[c, y, x, e] = sum[i](W[i, c * P * P + y % P * P + x % P] * da[i, y // P * N + x"
            " // P, e])"
        ),
    }
    words = {
        "a": ("value", "a[l]⟨t⟩ = W[l] x⟨t⟩ + b[l]", "a[:, t] = W @ patch[t].reshape(-1) + b"),
        "da": ("blame", "da[l] = W[l+1]ᵀ da[l+1]⟨t⟩ of its patch", "da_patch[t] = W.T @ da[:, t]"),
        "dW": ("gradient", "dW[l] = Σ da[l]⟨t⟩ x⟨t⟩ᵀ", "dW = sum(da[:, t] @ patch[t].T)"),
        "db": ("gradient", "db[l] = Σ da[l]⟨t⟩", "db = da.sum(axis=1)"),
    }

    patch: int = knob(4, "Patch size", symbol="p", minimum=1, maximum=256)
    bias: bool = knob(True, "Bias", symbol="b", help="Whether every unit adds a number of its own.")
    initializer: Spec = knob(Spec("glorot"), "First weights", family="initializer")

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if len(inputs[0]) != 3:
            raise DocumentError(
                "A patch embedding takes an image: give the input a shape such as 1×28×28, or put a"
                " reshape layer before it."
            )
        _, height, width = inputs[0]
        if height % self.patch or width % self.patch:
            raise DocumentError(
                f"Patches of {self.patch}×{self.patch} do not fill an image of {height}×{width}: choose a"
                " patch size that divides both sides."
            )
        return (units, (height // self.patch) * (width // self.patch))

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        ((source, (channels, *_)),) = inputs
        d, size = shape[0], channels * self.patch**2
        W = Part(f"W.{source}", (slice(None), slice(0, size)), self.initializer, (id, None), size, d)
        b = Part("b", (slice(None), slice(size, size + 1)), Spec("zeros"), (id, None), bias=True)
        return (Block((d, size + self.bias), (W, b) if self.bias else (W,)),)

    def forward(self, p: Place) -> None:
        port = p.inputs[0]
        size = port.shape[0] * self.patch**2
        x = p.scratch((size + self.bias, p.shape[1], p.m))
        x[size:] = 1.0
        p.work["patches"] = x
        p.forward("x⟨t⟩: the patches as columns", "patches", np.copyto, *self._cut(x[:size], port.a))
        p.forward("a = W x + b" if self.bias else "a = W x", "a", p.blocks[0].dot, flat(x), flat(p.a))

    def backward(self, p: Place) -> None:
        assert p.da is not None
        port, da = p.inputs[0], flat(p.da)
        x: Array = p.work["patches"]
        if p.learns:
            equation = "dW = Σ da xᵀ, db = Σ da" if self.bias else "dW = Σ da xᵀ"
            p.backward(equation, "dW", da.dot, flat(x).T, p.gradient_blocks[0])
        if port.da is not None:
            dx, W = p.passing((len(x) - self.bias, p.shape[1], p.m)), p.parameters[f"W.{port.source}"]
            p.backward("dx = Wᵀ da", "dx", W.T.dot, da, flat(dx))
            p.hand_back(port, "da_prev = dx, patch by patch", self._join, dx)

    def _cut(self, columns: Array, image: Array) -> tuple[Array, Array]:
        """Columns and image as two views of one shape: (channels, p, p, rows, columns of patches, m)."""
        channels, height, width, m = image.shape
        p, rows, across = self.patch, height // self.patch, width // self.patch
        there = image.reshape(channels, rows, p, across, p, m).transpose(0, 2, 4, 1, 3, 5)
        return columns.reshape(there.shape), there

    def _join(self, columns: Array, image: Array) -> None:
        here, there = self._cut(columns, image)
        np.copyto(there, here)

    # ---------------------------------------------------------------- explanation

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        port = p.inputs[0]
        size, d, count = port.shape[0] * self.patch**2, p.shape[0], p.shape[1]
        if phase is Phase.FORWARD:
            for (t,) in positions(p.shape):
                yield from (Moment("a", (i, t), steps_of_sum(size, int(self.bias))) for i in range(d))
        if phase is Phase.BACKWARD:
            for (t,) in positions(p.shape):
                yield from (Moment("da", (i, t), None) for i in range(d))
            for i in range(d):
                for j in range(size):
                    yield Moment(f"dW.{port.source}", (i, j), steps_of_sum(count, 0))
                if self.bias:
                    yield Moment("db", (i, 0))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        i, port = index[0], p.inputs[0]
        match array.split(".", 1):
            case ["a"]:
                terms: list[Expression] = [
                    Product((p.ref(f"W.{port.source}", (i, j)), p.ref_a_prev(port, pixel, example)))
                    for j, pixel in enumerate(self._pixels(port, index[1]))
                ]
                if self.bias:
                    terms.append(p.ref("b", (i, 0)))
                return total(*terms)
            case ["dW", _]:
                pixels = (self._pixels(port, t)[index[1]] for t in range(p.shape[1]))
                return total(
                    *(
                        Product((p.ref("da", (i, t), example), p.ref_a_prev(port, pixel, example)))
                        for t, pixel in enumerate(pixels)
                    )
                )
            case ["db"]:
                return total(*(p.ref("da", (i, t), example) for t in range(p.shape[1])))
        raise KeyError(array)

    def numbers_in_loops(self, p: Place) -> Mapping[str, float]:
        return {"P": self.patch, "N": p.inputs[0].shape[2] // self.patch}

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        (channel, y, x), across = index, port.shape[2] // self.patch
        t = y // self.patch * across + x // self.patch
        j = (channel * self.patch + y % self.patch) * self.patch + x % self.patch
        return total(
            *(
                Product((p.ref(f"W.{port.source}", (i, j)), p.ref("da", (i, t), example)))
                for i in range(p.shape[0])
            )
        )

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(p.shape[0])

    def _pixels(self, port: Port, t: int) -> list[Index]:
        """The pixels of a patch in the order of its column."""
        row, column = divmod(t, port.shape[2] // self.patch)
        return [
            (channel, row * self.patch + y, column * self.patch + x)
            for channel in range(port.shape[0])
            for y in range(self.patch)
            for x in range(self.patch)
        ]
