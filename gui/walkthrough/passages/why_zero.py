"""Why a number is 0: which of its factors is."""

from __future__ import annotations

from engine.core.expressions import Product, Ref
from engine.core.notation import as_text
from engine.core.printing import symbol
from gui.walkthrough.page import Part, Remark
from gui.walkthrough.told import Told
from gui.walkthrough.words import tr

RANK = 30


def passage(told: Told) -> list[Part]:
    if told.value != 0.0 or not isinstance(told.expression, Product):
        return []
    for each in told.expression.factors:
        if isinstance(each, Ref) and told.trace.lookup(each) == 0.0:
            return [Remark(tr("Why 0? Because {name} is 0.", name=as_text(symbol(each))))]
    return []
