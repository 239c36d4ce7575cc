"""The general equation of which the number is part, as matrices with their shapes."""

from __future__ import annotations

from gui.walkthrough.arrangement import by_rows
from gui.walkthrough.batch import Batch
from gui.walkthrough.equations import Teller
from gui.walkthrough.page import Option, Part, Switch
from gui.walkthrough.told import Told
from gui.walkthrough.words import tr

RANK = 60


def passage(told: Told) -> list[Part]:
    said, _ = told.said
    teller, arranged = Teller(told.trace, told.at), told.writer.arranged
    one, whole = teller.equation(told.target, told.term, said), Batch(teller).equation(told.target, told.term)
    equation = whole if arranged.whole and whole is not None else one
    if equation is None:
        return []
    shown = by_rows(equation) if arranged.rows else equation
    if whole is None:
        return [shown]
    options = (Option(False, tr("one example")), Option(True, tr("whole batch")))
    return [Switch(options, options[arranged.whole]), shown]
