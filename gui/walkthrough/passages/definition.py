"""A function opened up one level further: σ(z) as 1 / (1 + exp(−z))."""

from __future__ import annotations

from engine.core.expressions import Function
from engine.core.notation import Text, row
from engine.core.printing import in_symbols
from gui.walkthrough.page import Line, Lines, Part
from gui.walkthrough.told import Told

RANK = 20


def passage(told: Told) -> list[Part]:
    expression = told.expression
    if not isinstance(expression, Function) or expression.definition is None:
        return []
    name = row(Text(expression.name), Text("("), in_symbols(expression.argument), Text(")"))
    opened, put_in = expression.definition, told.writer.put_in(told.target)
    return [
        Lines(
            (
                Line(name, "=", in_symbols(opened)),
                Line(None, told.writer.relation(told.target, opened), put_in(opened)),
            )
        )
    ]
