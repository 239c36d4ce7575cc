"""Upsampling without weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, total
from engine.core.knobs import knob
from engine.core.loops import POSITIONS
from engine.core.place import WHOLE, Index, Keys, Moment, Place, Port, Shape, Terms, positions
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.layers.base import LayerKind, layers
from engine.layers.interpolation import along, between, weights


@layers.add("upsampling")
@dataclass(frozen=True)
class Upsampling(LayerKind):
    """Every side of an image, or the length of a sequence, f times as long.

    "nearest" repeats: ``a[c, y, x] = a_prev[c, ⌊y / f⌋, ⌊x / f⌋]``. "linear" draws straight lines
    between the middles of the cells, in an image along both axes (bilinear): with ``U`` (f n, n) of
    each axis, ``a[c] = U a_prev[c] Uᵀ``; beyond the outermost middles the edge goes on. a_prev is
    (channels, height, width, m), a (channels, f · height, f · width, m). No parameters.

    Backward: ``da_prev`` of a cell is the sum of da of its f · f copies; ``Uᵀ da[c] U`` if linear.

    As PyTorch's ``Upsample``, with ``align_corners=False``.
    """

    title = "Upsampling"
    summary = "Makes an image or a sequence larger by repeating its numbers or drawing lines between them."
    group = "Images"
    stem = "upsampling"
    sized = False
    rank = 65
    words = {
        "a": ("copy", "a[l] = a[l−1], enlarged", "a = a_prev.repeat(f, axis=1).repeat(f, axis=2)"),
        "da": ("blame", "da[l] = Σ da[l+1] over all copies", "da_prev[y, x] += da[copies]"),
    }

    factor: int = knob(2, "Factor", symbol="f", minimum=1, maximum=64)
    way: str = knob("nearest", "In between", choices=("nearest", "linear"))

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        channels, *sizes = inputs[0]
        if not sizes:
            raise DocumentError(
                "Upsampling takes an image or a sequence: put a reshape layer before it, such as 8×7×7."
            )
        return (channels, *(self.factor * n for n in sizes))

    def keys(self, units: Keys, shape: Shape, inputs: Sequence[Keys]) -> Keys:
        return inputs[0] if inputs else super().keys(units, shape, inputs)

    def forward(self, p: Place) -> None:
        x = p.inputs[0].a
        if self.way == "nearest":
            copies, one = _apart(p.a, self.factor), _stretched(x)
            p.forward("a = a_prev, each f times", "a", np.copyto, copies, one)
            return
        for axis, size in enumerate(x.shape[1:-1], 1):
            U = np.asarray(weights(size, self.factor), p.plan.dtype)
            shape = (*p.a.shape[: axis + 1], *x.shape[axis + 1 :])
            out = p.a if shape == p.a.shape else p.passing(shape)
            p.forward("a = U a_prev", "a", along, U, axis, x, out)
            x = out

    def backward(self, p: Place) -> None:
        port = p.inputs[0]
        if port.da is None or p.da is None:
            return
        if self.way == "nearest":
            copies = _apart(p.da, self.factor)
            p.hand_back(port, "da_prev = Σ da of the copies", _gathered, copies)
            return
        da = p.da
        for axis in reversed(range(1, da.ndim - 1)):
            U = np.asarray(weights(port.shape[axis], self.factor), p.plan.dtype)
            if axis == 1:
                p.hand_back(port, "da_prev = Uᵀ da", along, U.T, axis, da)
                return
            part = p.passing((*da.shape[:axis], port.shape[axis], *da.shape[axis + 1 :]))
            p.backward("da U", "da U", along, U.T, axis, da, part)
            da = part

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        array = "a" if phase is Phase.FORWARD else "da"
        if phase in {Phase.FORWARD, Phase.BACKWARD}:
            for i in range(p.shape[0]):
                for at in positions(p.shape):
                    yield Moment(array, (i, *at), 1 if phase is Phase.FORWARD else None)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        port = p.inputs[0]
        if self.way == "nearest":
            return p.ref_a_prev(port, (index[0], *(i // self.factor for i in index[1:])), example)
        rows = [weights(n, self.factor)[i] for n, i in zip(port.shape[1:], index[1:], strict=True)]
        return _mixed(rows, lambda at: p.ref_a_prev(port, (index[0], *at), example))

    def loop(self, p: Place, array: str) -> str:
        if self.way != "nearest":
            return ""
        old = ", ".join(f"{name} // {self.factor}" for name in POSITIONS[len(p.shape)])
        return {
            "a": f"a[c, at, e] = a_prev[c, {old}, e]",
            "da": f"da_prev[:] = 0.0\nda_prev[c, {old}, e] += da[c, at, e]",
        }.get(array, "")

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        if self.way == "nearest":
            every = np.ndindex(*(self.factor,) * (len(index) - 1))
            copies = (tuple(i * self.factor + k for i, k in zip(index[1:], at, strict=True)) for at in every)
            return total(*(p.ref("da", (index[0], *at), example) for at in copies))
        rows = [weights(n, self.factor)[:, i] for n, i in zip(port.shape[1:], index[1:], strict=True)]
        return _mixed(rows, lambda at: p.ref("da", (index[0], *at), example))

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(others=self.factor ** (len(index) - 1)) if self.way == "nearest" else WHOLE


def _mixed(rows: list[Array], ref: Callable[[Index], Ref]) -> Expression:
    """Cells weighed by one row of weights an axis."""
    return total(*(Product((Number(weight), ref(at))) for weight, at in between(rows)))


def _apart(image: Array, factor: int) -> Array:
    """(channels, f n, ..., m) as (channels, n, f, ..., m), without a copy."""
    sides = [side for size in image.shape[1:-1] for side in (size // factor, factor)]
    return image.reshape(image.shape[0], *sides, image.shape[-1])


def _stretched(image: Array) -> Array:
    """(channels, n, ..., m) as (channels, n, 1, ..., m), without a copy."""
    return image.reshape(image.shape[0], *(side for n in image.shape[1:-1] for side in (n, 1)), -1)


def _gathered(copies: Array, da_prev: Array) -> None:
    np.add.reduce(copies, axis=tuple(range(2, copies.ndim - 1, 2)), out=da_prev)
