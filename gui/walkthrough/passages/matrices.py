"""The general equation of which the number is part, as matrices with their shapes."""

from __future__ import annotations

from gui.walkthrough.equations import Teller
from gui.walkthrough.page import Part
from gui.walkthrough.told import Told

RANK = 60


def passage(told: Told) -> list[Part]:
    said = told.step.equation if told.step is not None else ""
    equation = Teller(told.trace, told.at).equation(told.target, told.term, said)
    return [] if equation is None else [equation]
