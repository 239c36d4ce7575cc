"""What convolutions have in common, over time or over an image. This module holds no kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.expressions import Expression, Product, total
from engine.core.knobs import knob
from engine.core.place import Block, Index, Place, Port, Shape, Terms, steps_of_sum
from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.layers.activated import ACTIVATED
from engine.layers.by_columns import ByColumns
from engine.layers.by_rows import ByRows
from engine.layers.columns import every, kernel_shape
from engine.layers.filters import Filters
from engine.layers.pooled import Unpooled
from engine.layers.window_loops import sliding
from engine.layers.windows import Windows, windows_of


@dataclass(frozen=True)
class Convolution(Filters):
    """The formulas stand with the kinds."""

    words = {
        **ACTIVATED,
        "z": ("value", "z[l] = W[l] ∗ a[l−1] + b[l]", "z[i, at] = (W[i] * window).sum() + b[i]"),
        "da": (
            "blame",
            "da[l] = Σ W[l+1] dz[l+1] over all windows that see it",
            "da_prev[window] += W[i] * dz[i, at]",
        ),
        "dW": ("gradient", "dW[l] = Σ dz[l] · window", "dW[i] += dz[i, at] * window"),
        "db": ("gradient", "db[l] = Σ dz[l]", "db[i] = dz[i].sum()"),
    }

    groups: int = knob(
        1,
        "Groups",
        minimum=1,
        maximum=4096,
        help="1: every filter sees all channels. As many as there are channels: each filter sees one.",
    )

    def windows(self, sizes: Shape) -> Windows:
        """The windows over positions of these sizes."""
        return windows_of(sizes, self.kernel, self.stride, self.padding, self.dilation)

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        self.check_axes(inputs[0])
        for number, what in ((inputs[0][0], "channels that come in"), (units, "filters")):
            if number % self.groups:
                raise DocumentError(f"{self.groups} groups do not divide the {number} {what}: change one.")
        return (units, *self.windows(inputs[0][1:]).out)

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        ((source, (channels, *sizes)),) = inputs
        windows = self.windows(tuple(sizes))
        taps, each = len(windows.taps), channels // self.groups
        fans = (each * taps, shape[0] // self.groups * taps)
        kernel = kernel_shape(shape[0], each, windows)
        return (self.parts(id, source, kernel, fans, self.groups > 1), *self.g.blocks(id, shape))

    def forward(self, p: Place) -> None:
        windows = self.windows(p.inputs[0].shape[1:])
        way: ByRows | ByColumns
        if ByRows.fits(windows, self.groups):
            way = ByRows(windows, p.pooled, bias=self.bias)
        else:
            way = ByColumns(windows, self.groups, bias=self.bias)
        p.work["way"] = way
        if p.merged and isinstance(way, ByRows):
            p.work["unpooled"] = Unpooled(way.forward_unordered(p), self.g)
            return
        z = self.room_for_z(p)
        way.forward(p, z)
        self.activate(p, z)

    def backward(self, p: Place) -> None:
        p.work["way"].backward(p, None if p.merged else self.begin_backward(p))

    def hands_on_z(self, inputs: Sequence[Shape]) -> bool:
        return self.g.may_follow_max and ByRows.fits(self.windows(inputs[0][1:]), self.groups)

    def outcome(self, p: Place) -> Array:
        return self.g.value(p.work["unpooled"].rows.inner) if p.merged else p.a

    # ---------------------------------------------------------------- explanation

    def z_steps(self, p: Place, at: Index) -> int:
        port = p.inputs[0]
        seen = self.windows(port.shape[1:]).seen_count(at)
        return steps_of_sum(port.shape[0] // self.groups * seen, int(self.bias))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        i, port = index[0], p.inputs[0]
        windows = self.windows(port.shape[1:])
        each = port.shape[0] // self.groups
        first = i * self.groups // p.shape[0] * each
        match array.split(".", 1):
            case ["z"]:
                terms: list[Expression] = [
                    Product((self.w(p, (i, c, *tap)), p.ref_a_prev(port, (first + c, *at), example)))
                    for c in range(each)
                    for tap, at in windows.seen(index[1:])
                ]
                if self.bias:
                    terms.append(p.ref("b", (i, 0)))
                return total(*terms)
            case ["dW", _]:
                channel, here = first + index[1], windows.reading(index[2:])
                return total(
                    *(
                        Product((p.ref("dz", (i, *o), example), p.ref_a_prev(port, (channel, *at), example)))
                        for o, at in zip(every(here[0]), every(here[1]), strict=True)
                    )
                )
            case ["db"]:
                return self.bias_cell(p, i, example)
        return self.activated_cell(p, array, index, example)

    def loop(self, p: Place, array: str) -> str:
        port = p.inputs[0]
        w, each = sliding(self.windows(port.shape[1:])), port.shape[0] // self.groups
        channel = "c" if self.groups == 1 else f"i // {p.shape[0] // self.groups} * {each} + c"
        W, a, dz = f"W[i, c, {w.taps}]", f"a_prev[{channel}, {w.place}, e]", f"dz[i, {w.out}, e]"
        match array:
            case "z":
                return f"z[i, {w.out}, e] = sum[c, {w.taps}]({W} * {a}{w.where}) + b[i, 0]"
            case "dW":
                return f"d{W} = sum[{w.out}, e]({dz} * {a}{w.where})"
            case "db":
                return "db[i, 0] = sum[at, e](dz[i, at, e])"
            case "da":
                return f"da_prev[:] = 0.0\nd{a} += {W} * {dz}" + (
                    f" if {w.inside} else 0.0" if w.inside else ""
                )
        return super().loop(p, array)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        each, filters = port.shape[0] // self.groups, p.shape[0] // self.groups
        group, channel = divmod(index[0], each)
        return total(
            *(
                Product((self.w(p, (i, channel, *tap)), p.ref("dz", (i, *o), example)))
                for i in range(group * filters, (group + 1) * filters)
                for tap, o in self.windows(port.shape[1:]).holding(index[1:])
            )
        )

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        holding = self.windows(port.shape[1:]).holding_count(index[1:])
        return Terms(holding * (p.shape[0] // self.groups))
