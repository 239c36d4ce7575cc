"""Pages without a formula: what to do to see one, or why there is none."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from gui.walkthrough.page import Heading, Page, Remark

translate = QCoreApplication.translate


def how_to_begin() -> Page:
    """Nobody walks and nothing is selected."""
    sentences = (
        translate("FormulaView", "Right arrow: one smallest step forward. Left arrow: one step back."),
        translate("FormulaView", "With Shift over a whole layer, with Ctrl over a whole phase."),
        translate(
            "FormulaView", "Every step shows its formula here, in symbols and with the numbers put in."
        ),
        translate("FormulaView", "Click any number to see where it comes from."),
        translate("FormulaView", "Where a click selects or edits: Alt and a click, or the key E."),
        translate(
            "FormulaView",
            "Or select a neuron or a synapse: its formula for the present example appears.",
        ),
    )
    title = translate("FormulaView", "Step by step")
    return Page((Heading(title), *(Remark(each) for each in sentences)))


def before_the_walk() -> Page:
    """The walk stands before its first step."""
    title = translate("FormulaView", "Before the first step of this update")
    remark = translate("FormulaView", "Right arrow: the first step. Left arrow: back into the update before.")
    return Page((Heading(title), Remark(remark)))


def why_not(sentence: str) -> Page:
    """Something is asked about and cannot be shown just now."""
    return Page((Remark(sentence),))
