"""What transposed convolutions have in common, over time or over an image.

This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Product, total
from engine.core.knobs import knob
from engine.core.place import Block, Index, Place, Port, Shape, Terms, flat, steps_of_sum
from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.layers.activated import ACTIVATED
from engine.layers.columns import Columns, every, gather, kernel_shape, scatter
from engine.layers.filters import Filters
from engine.layers.window_loops import sliding
from engine.layers.windows import Windows, windows_of


@dataclass(frozen=True)
class TransposedConvolution(Filters):
    """The formulas stand with the kinds. ``windows`` lie over the output: each input fills one."""

    words = {
        **ACTIVATED,
        "z": ("value", "z[l] = Σ W[l] a[l−1] + b[l]", "z[window] += W[:, c] * a_prev[c, at]"),
        "da": ("blame", "da[l] = W[l+1] ∗ dz[l+1]", "da_prev[c, at] = (W[:, c] * window).sum()"),
        "dW": ("gradient", "dW[l] = Σ a[l−1] · window", "dW[:, c] += a_prev[c, at] * window"),
        "db": ("gradient", "db[l] = Σ dz[l]", "db[i] = dz[i].sum()"),
    }  # fmt: skip

    stride: int = knob(2, "Stride", symbol="s", minimum=1, maximum=64)

    def windows(self, sizes: Shape) -> Windows:
        """The windows over the output, one for each position that comes in."""
        if self.padding == "same":
            grown = tuple(n * self.stride for n in sizes)
        else:
            around = 0 if self.padding == "valid" else 2 * int(self.padding)
            reach = self.dilation * (self.kernel - 1) + 1
            grown = tuple((n - 1) * self.stride + reach - around for n in sizes)
        if min(grown) < 1:
            raise DocumentError("Nothing would be left of the output: choose less padding.")
        return windows_of(grown, self.kernel, self.stride, self.padding, self.dilation)

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        self.check_axes(inputs[0])
        return (units, *self.windows(inputs[0][1:]).sizes)

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        ((source, (channels, *sizes)),) = inputs
        windows = self.windows(tuple(sizes))
        taps = len(windows.taps)
        fans = (channels * taps, shape[0] * taps)
        kernel = kernel_shape(shape[0], channels, windows)
        return (self.parts(id, source, kernel, fans, False), *self.g.blocks(id, shape))

    def forward(self, p: Place) -> None:
        z, port = self.room_for_z(p), p.inputs[0]
        columns = Columns(p, self.windows(port.shape[1:]), p.shape[0])
        W = self._turned(p, p.blocks[0])
        turned = p.kept(W.shape)
        p.forward("Wᵀ", "turned W", np.copyto, turned, W)
        product = flat(columns.matrix[0])
        p.forward("columns = Wᵀ a_prev", "columns", np.matmul, _rows(turned), flat(port.a), product)
        p.forward("z = Σ columns", "z", scatter, columns.pairs(z), z)
        if self.bias:
            p.forward("z = z + b", "z", np.add, flat(z), p.parameters["b"], flat(z))
        p.work["turned"] = turned
        self.activate(p, z)

    def backward(self, p: Place) -> None:
        dz, port = self.begin_backward(p), p.inputs[0]
        turned: Array = p.work["turned"]
        columns = Columns(p, self.windows(port.shape[1:]), p.shape[0])
        p.backward("columns: what every window sees of dz", "dcolumns", gather, columns.sources(dz))
        seen = columns.matrix[0]
        if p.learns:
            dW = self._turned(p, p.gradient_blocks[0])
            back = p.passing(dW.shape)
            p.backward("dWᵀ = columns a_prevᵀ", "turned dW", np.matmul, seen, flat(port.a).T, _rows(back))
            p.backward("dW", "dW", np.copyto, dW, back)
            if self.bias:
                p.backward("db = Σ dz", "db", np.add.reduce, flat(dz), 1, None, p.gradients["b"], True)
        p.hand_back(port, "da_prev = W · columns", _product, _rows(turned).T, seen)

    def _turned(self, p: Place, block: Array) -> Array:
        """W of a block, seen as (filters, taps, channels)."""
        n, channels = p.shape[0], p.inputs[0].shape[0]
        return block[:, : block.shape[1] - self.bias].reshape(n, channels, -1).transpose(0, 2, 1)

    # ---------------------------------------------------------------- explanation

    def z_steps(self, p: Place, at: Index) -> int:
        port = p.inputs[0]
        holding = self.windows(port.shape[1:]).holding_count(at)
        return steps_of_sum(port.shape[0] * holding, int(self.bias))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        i, port = index[0], p.inputs[0]
        windows = self.windows(port.shape[1:])
        match array.split(".", 1):
            case ["z"]:
                terms: list[Expression] = [
                    Product((self.w(p, (i, channel, *tap)), p.ref_a_prev(port, (channel, *o), example)))
                    for channel in range(port.shape[0])
                    for tap, o in windows.holding(index[1:])
                ]
                if self.bias:
                    terms.append(p.ref("b", (i, 0)))
                return total(*terms)
            case ["dW", _]:
                channel, (here, there) = index[1], windows.reading(index[2:])
                return total(
                    *(
                        Product((p.ref("dz", (i, *at), example), p.ref_a_prev(port, (channel, *o), example)))
                        for o, at in zip(every(here), every(there), strict=True)
                    )
                )
            case ["db"]:
                return self.bias_cell(p, i, example)
        return self.activated_cell(p, array, index, example)

    def loop(self, p: Place, array: str) -> str:
        w = sliding(self.windows(p.inputs[0].shape[1:]))
        W, a, there = f"W[i, c, {w.taps}]", f"a_prev[c, {w.out}, e]", f"[i, {w.place}, e]"
        match array:
            case "z":
                return f"z[i, at, e] = b[i, 0]\nz{there} += {W} * {a}{w.only}"
            case "dW":
                return f"d{W} = sum[{w.out}, e](dz{there} * {a}{w.where})"
            case "db":
                return "db[i, 0] = sum[at, e](dz[i, at, e])"
            case "da":
                return f"d{a} = sum[i, {w.taps}]({W} * dz{there}{w.where})"
        return super().loop(p, array)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        channel, o = index[0], index[1:]
        return total(
            *(
                Product((self.w(p, (i, channel, *tap)), p.ref("dz", (i, *at), example)))
                for i in range(p.shape[0])
                for tap, at in self.windows(port.shape[1:]).seen(o)
            )
        )

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(p.shape[0] * self.windows(port.shape[1:]).seen_count(index[1:]))


def _rows(turned: Array) -> Array:
    """(filters, taps, channels) as a matrix (filters · taps, channels)."""
    return turned.reshape(-1, turned.shape[2])


def _product(left: Array, right: Array, out: Array) -> object:
    return left.dot(right, flat(out))
