"""How dz = a − y grows out of da and the activation's slope, with the numbers of both."""

from __future__ import annotations

import math

from engine.core.expressions import Product, Ref, evaluate, references
from gui.walkthrough.page import Line, Lines, Part, Remark
from gui.walkthrough.told import Told
from gui.walkthrough.words import fused, tr

RANK = 10


def passage(told: Told) -> list[Part]:
    trace, target, writer = told.trace, told.target, told.writer
    if not fused(trace, target):
        return []
    kind, place = trace.layout.nodes[target.owner].kind, trace.network.places[target.owner]
    long = kind.cell(place, "dz", target.index, target.example or 0)
    if not all(math.isfinite(trace.lookup(ref)) for ref in references(long)):
        return [Remark(tr("The slope is so flat here that da is beyond all numbers; a − y stays exact."))]
    value = evaluate(long, trace.lookup)
    rows = (
        Line(writer.symbol(target), "=", writer.symbols(long)),
        Line(None, writer.relation(target, long), writer.numbers(long, target)),
        Line(None, writer.relation(target, long, value), writer.value(value, target)),
    )
    if isinstance(long, Product) and len(long.factors) == 2 and isinstance(long.factors[1], Ref):
        return [Remark(tr("Where does a − y come from? The chain rule says da · g′(z):")), Lines(rows),
                Remark(tr("The same number: the a(1 − a) of the slope cancels."))]  # fmt: skip
    return [Remark(tr("Where does a − y come from? The chain rule through softmax says:")), Lines(rows),
            Remark(tr("The same number: the shares cancel, since the targets add up to 1."))]  # fmt: skip
