"""The line of NumPy that calculates the number together with all those like it."""

from __future__ import annotations

from gui.walkthrough.arrangement import code_by_rows
from gui.walkthrough.equations import Teller
from gui.walkthrough.numpy_line import numpy_line
from gui.walkthrough.page import Code, Part
from gui.walkthrough.told import Told

RANK = 80


def passage(told: Told) -> list[Part]:
    code = numpy_line(told.trace, told.target, told.step.code if told.step is not None else "")
    if not code:
        return []
    turned = told.writer.arranged.rows and Teller(told.trace).tells(told.target)
    return [Code(code_by_rows(code) if turned else code)]
