"""Entries about walkthroughs: run to a neuron, layer or synapse, or stop there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from gui.editor import running_to
from gui.editor.marks import GROUND, Thing
from gui.editor.menus.entry import entry

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_stepping(menu: QMenu, canvas: Canvas, thing: Thing, point: QPointF) -> None:
    """Run to here, back to here, and a breakpoint for walks."""
    goal, tr, walking = running_to.goal_of(canvas, thing), canvas.tr, canvas.workspace.walking
    if goal is None or thing == GROUND:
        return
    menu.addSeparator()
    tip = tr("Walk on until its number is known, in the next example or update if need be")
    entry(menu, canvas, tr("Run to here"), "arrow-right-to-line", lambda: walking.run(goal), "G", tip=tip)
    tip = tr("Walk back to where its number was known last")
    back = lambda: walking.run(goal, onward=False)  # noqa: E731
    on = canvas.workspace.walk is not None
    entry(menu, canvas, tr("Run back to here"), "arrow-left-to-line", back, "Shift+G", on=on, tip=tip)
    if running_to.place_meant(canvas, thing) is not None:
        set_there = running_to.stops(canvas, thing)
        text = tr("Walks stop here no more") if set_there else tr("Stop walks here")
        stop = lambda: running_to.turn_stop(canvas, thing)  # noqa: E731
        tip = tr("A walkthrough stops at its first step in every phase; training does not")
        entry(menu, canvas, text, "flag", stop, "B", tip=tip)
