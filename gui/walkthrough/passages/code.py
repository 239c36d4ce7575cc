"""The line of NumPy that calculates the number together with all like it, and the loops it stands for."""

from __future__ import annotations

from gui.walkthrough.arrangement import code_by_rows
from gui.walkthrough.code_names import names_in
from gui.walkthrough.equations import Teller
from gui.walkthrough.loops import at_place, loop_of
from gui.walkthrough.numpy_line import numpy_line
from gui.walkthrough.page import Code, Loops, Part
from gui.walkthrough.told import Told
from gui.walkthrough.words import tr

RANK = 80


def passage(told: Told) -> list[Part]:
    _, said = told.said
    code = numpy_line(told.trace, told.target, said)
    turned = told.writer.arranged.rows and Teller(told.trace).tells(told.target)
    code = code_by_rows(code) if turned and code else code
    shown = Code(code, names_in(code, told))
    loop = loop_of(told.trace, told.target)
    if loop is None:
        return [shown] if code else []
    here = at_place(loop, told.trace, told.target, told.term, tr("here"))
    return [shown, Loops(here.text, here.line)] if code else [Loops(here.text, here.line)]
