"""Average pooling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Quotient, total
from engine.core.place import Index, Place, Port, Terms
from engine.core.plan import Array
from engine.layers.base import layers
from engine.layers.pooling import Pooling, taps_of
from engine.layers.window_loops import sliding
from engine.layers.windows import Windows


@layers.add("average_pool")
@dataclass(frozen=True)
class AveragePool(Pooling):
    """``a[c, y, x] = 1/n Σ a_prev[c, y s + j − p, x s + k − p]`` over the taps j, k of a window.

    a_prev is (channels, height, width, m) or (features, time, m); each side becomes
    ⌊(side − f) / s⌋ + 1. n is the number of cells that the window sees: f · f, and less where with
    ``padding`` "same" it reaches over the edge (PyTorch's ``count_include_pad=False``).

    Backward: ``da_prev`` of a cell is ``Σ 1/n da`` over all windows that see it. No parameters.
    """

    title = "Average pooling"
    summary = "Keeps the mean of every window, so the image shrinks."
    rank = 45
    words = {
        "a": ("mean", "a[l] = mean of the window of a[l−1]", "a[c, y, x] = window.mean()"),
        "da": ("blame", "da[l] = 1/n da[l+1]", "da_prev[window] += da[c, y, x] / n"),
    }

    def forward(self, p: Place) -> None:
        x = p.inputs[0].a
        windows = self.windows(x.shape[1:-1])
        p.forward("a = Σ of every window", "a", _sums, windows, x, p.a)
        p.forward("a = 1/n Σ of every window", "a", np.multiply, p.a, _shares(p, windows), p.a)

    def backward(self, p: Place) -> None:
        port = p.inputs[0]
        if port.da is not None and p.da is not None:
            windows, part = self.windows(port.shape[1:]), p.passing(p.da.shape)
            p.backward("1/n da", "da / n", np.multiply, p.da, _shares(p, windows), part)
            p.hand_back(port, "da_prev = Σ 1/n da", _spread, windows, part)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        seen = self.seen(p, index, example)
        return Quotient(total(*seen), Number(float(len(seen))))

    def loop(self, p: Place, array: str) -> str:
        w = sliding(self.windows(p.inputs[0].shape[1:]))
        taps = f"sum[{w.ranges}](1.0{w.where})" if w.inside else str(self.size ** (len(p.shape) - 1))
        if array == "a":
            return f"a[c, {w.out}, e] = sum[{w.ranges}](a_prev[c, {w.place}, e]{w.where}) / {taps}"
        if array != "da" or w.inside:
            return ""
        return f"da_prev[:] = 0.0\nrange[{w.ranges}]\nda_prev[c, {w.place}, e] += da[c, {w.out}, e] / {taps}"

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        windows = self.windows(port.shape[1:])
        return total(
            *(
                Quotient(p.ref("da", (index[0], *o), example), Number(float(windows.seen_count(o))))
                for _, o in windows.holding(index[1:])
            )
        )

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(others=self.windows(port.shape[1:]).holding_count(index[1:]))


def _sums(windows: Windows, x: Array, a: Array) -> None:
    a.fill(0.0)
    for pixels, sums in taps_of(windows, x, a):
        np.add(sums, pixels, sums)


def _spread(windows: Windows, part: Array, da_prev: Array) -> None:
    da_prev.fill(0.0)
    for pixels, da in taps_of(windows, da_prev, part):
        np.add(pixels, da, pixels)


def _shares(p: Place, windows: Windows) -> Array:
    """1/n for every window; a single number where all see as many cells."""
    counts = np.zeros(windows.out)
    for o in np.ndindex(windows.out):
        counts[o] = windows.seen_count(o)
    if (counts == counts.flat[0]).all():
        return p.plan.constant(1.0 / float(counts.flat[0]))
    return np.asarray(1.0 / counts[..., None], p.plan.dtype)
