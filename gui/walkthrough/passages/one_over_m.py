"""Where the 1/m stands: once, with the finished gradient; and the other way to keep the books."""

from __future__ import annotations

from typing import Final

from engine.core.expressions import Expression, Number, Product, Quotient, Ref, Sum, evaluate
from gui.walkthrough.folded import Choice
from gui.walkthrough.page import Line, Lines, Part, Remark
from gui.walkthrough.spelling import constant, mapped
from gui.walkthrough.told import Told
from gui.walkthrough.words import tr

RANK = 15
TOPIC: Final = "1/m"


def passage(told: Told) -> list[Part]:
    trace, target = told.trace, told.target
    if not target.array.startswith("mean d") or told.value is None or trace.m < 2:
        return []
    bare = target.array.removeprefix("mean ")
    shares = [trace.cell(trace.ref(target.owner, bare, target.index, k)) for k in range(trace.m)]
    here = min(told.opened.get(TOPIC, 0), 1)
    choice = Choice(TOPIC, (tr("1/m in dW, db (lecture)"), tr("1/m in dZ (autograd)")), here)
    if here == 0:
        said = tr("A layer’s gradients are plain sums over the examples. The 1/m stands once, here.")
        return [choice, Remark(said), Lines(_lecture(told, shares))]
    said = tr("Every dz comes back divided by m already; then the sum is the mean. The same number:")
    return [choice, Remark(said), Lines(_autograd(told, shares))]


def _lecture(told: Told, shares: list[Expression]) -> tuple[Line, ...]:
    """``1/m (s(1) + s(2) + ...)`` with the sum calculated first."""
    m = Number(float(told.trace.m))
    whole = Sum(tuple(shares))
    total = evaluate(whole, told.trace.lookup)
    symbols = Product((Quotient(Number(1.0), constant("m")), whole))
    return _lines(told, symbols, Product((Quotient(Number(1.0), m), Number(total))))


def _autograd(told: Told, shares: list[Expression]) -> tuple[Line, ...]:
    """``dz(1)/m · x(1) + dz(2)/m · x(2) + ...``"""
    m = told.trace.m
    symbols = Sum(tuple(divided(each, constant("m")) for each in shares))
    whole = Sum(tuple(divided(each, Number(float(m))) for each in shares))
    added = Sum(tuple(_worked_out(told, each) for each in whole.terms))
    return _lines(told, symbols, whole, added)


def divided(share: Expression, m: Expression) -> Expression:
    """A share with every dz in it divided by m."""

    def change(part: Expression) -> Expression | None:
        return Quotient(part, m) if isinstance(part, Ref) and part.array.startswith("d") else None

    return mapped(share, change)


def _worked_out(told: Told, share: Expression) -> Expression:
    """The same with the quotients calculated."""

    def change(part: Expression) -> Expression | None:
        return Number(evaluate(part, told.trace.lookup)) if isinstance(part, Quotient) else None

    return mapped(share, change)


def _lines(told: Told, symbols: Expression, *numbers: Expression) -> tuple[Line, ...]:
    writer, target = told.writer, told.target
    value = evaluate(numbers[-1], told.trace.lookup)
    return (
        Line(writer.symbol(target), "=", writer.shares(symbols)),
        *(Line(None, writer.relation(target, each), writer.numbers(each, target)) for each in numbers),
        Line(None, writer.relation(target, numbers[-1], value), writer.value(value, target)),
    )
