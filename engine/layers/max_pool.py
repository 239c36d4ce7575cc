"""Max-pooling."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.expressions import Expression, Maximum, Product, Truth, total
from engine.core.place import WHOLE, Index, Place, Port, Shape, Terms
from engine.layers.base import layers
from engine.layers.maxima import Maxima, Winners
from engine.layers.pooled import Pooled, Unpooled
from engine.layers.pooling import Pooling
from engine.layers.window_loops import sliding, winners


@layers.add("max_pool")
@dataclass(frozen=True)
class MaxPool(Pooling):
    """``a[c, y, x] = max a_prev[c, y s + j − p, x s + k − p]`` over the f · f taps j, k of a window.

    a_prev is (channels, height, width, m) or (features, time, m); each side n becomes
    ⌊(n − f) / s⌋ + 1. With ``padding`` "same" it becomes ⌈n / s⌉ and what lies beyond the edge does
    not take part.

    Backward: ``da_prev = da`` for the winner of each window and 0 for the others; a cell that won
    several windows gets the sum. Of equal cells the first wins, row by row from the top left: a
    cell wins if it is ``= a`` and larger than all before it in the window. No parameters.

    Settings as in PyTorch's ``MaxPool2d``, where the same cell wins.
    """

    title = "Max-pooling"
    summary = "Keeps the largest number of every window, so the image shrinks."
    rank = 40
    words = {
        "a": ("maximum", "a[l] = max of the window of a[l−1]", "a[c, y, x] = window.max()"),
        "da": ("blame", "da[l] = da[l+1] for the winner, else 0", "da_prev[winner] += da[c, y, x]"),
    }

    def pools_largest(self, sizes: Shape) -> int:
        return self.size if self.windows(sizes).tiled and not any(n % self.size for n in sizes) else 1

    def forward(self, p: Place) -> None:
        port = p.inputs[0]
        back = p.training and port.da is not None
        unpooled: Unpooled | None = port.behind.work.get("unpooled") if port.behind is not None else None
        if unpooled is not None:
            p.work["g"] = unpooled.g
            pooled = p.work["pooled"] = Pooled(p, unpooled.rows, back=back)
            p.forward("max z of every window", "max z", pooled.pool)
            unpooled.g.forward(p, pooled.as_image(pooled.largest), p.a)
            return
        maxima = p.work["maxima"] = Maxima(p, self.windows(port.shape[1:]), port.a, p.a, back=back)
        p.forward("a = max of every window", "a", maxima)

    def backward(self, p: Place) -> None:
        port = p.inputs[0]
        if port.da is None or p.da is None:
            return
        if "pooled" in p.work:
            pooled: Pooled = p.work["pooled"]
            dz = p.passing(pooled.largest.shape)
            p.work["g"].backward(p, p.a, p.a, p.da, pooled.as_image(dz))
            p.backward("dz of the winners", "dz", pooled.send, dz)
            return
        p.hand_back(port, "da_prev = da ⊙ [a_prev wins]", Winners(p, p.work["maxima"], p.da))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        return Maximum(tuple(self.seen(p, index, example)))

    def loop(self, p: Place, array: str) -> str:
        w = sliding(self.windows(p.inputs[0].shape[1:]))
        if array == "a":
            return f"a[c, {w.out}, e] = max[{w.ranges}](a_prev[c, {w.place}, e]{w.where})"
        outer = dict(zip(("e", "c", *w.out.split(", ")), (p.m, *p.shape), strict=True))
        inner = dict.fromkeys(w.taps.split(", "), self.size)
        won = f"c, {w.out}, e"
        return winners(outer, inner, f"c, {w.place}, e", won, w.inside) if array == "da" else ""

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        x, terms, windows = p.ref_a_prev(port, index, example), [], self.windows(port.shape[1:])
        for _, o in windows.holding(index[1:]):
            window = (index[0], *o)
            wins: list[Expression] = [Truth(x, "=", p.ref("a", window, example))]
            places = [at for _, at in windows.seen(o)]
            before = [
                p.ref_a_prev(port, (index[0], *at), example) for at in places[: places.index(index[1:])]
            ]
            if before:
                wins.append(Truth(x, ">", before[0] if len(before) == 1 else Maximum(tuple(before))))
            terms.append(Product((*wins, p.ref("da", window, example))))
        return total(*terms)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return WHOLE if self.windows(port.shape[1:]).holding_count(index[1:]) else Terms()
