"""The old value of a weight, its slope, and the step: three different things, side by side."""

from __future__ import annotations

from engine.core.expressions import Ref
from engine.core.notation import Text
from engine.update_cells import STAGES
from gui.walkthrough.columns import Column, Columns
from gui.walkthrough.page import Part
from gui.walkthrough.told import Told
from gui.walkthrough.words import tr
from gui.widgets.typeset import Tone

RANK = 5


def passage(told: Told) -> list[Part]:
    trace, target, writer = told.trace, told.target, told.writer
    name = target.array.removeprefix("new ")
    slot = trace.layout.slots.get(f"{target.owner}.{name}")
    if name == target.array or slot is None or not slot.learned or told.value is None:
        return []
    old = trace.ref(target.owner, name, target.index, None)
    before = trace.lookup(old)
    change = told.value - before
    arrow = "↑ " if change > 0 else "↓ " if change < 0 else ""
    size = writer.plain(abs(change), target) if change else Text(tr("no change"))
    columns = [Column(tr("old value"), writer.value(before, old))]
    slope = _slope(told, name)
    if slope is not None:
        columns.append(Column(tr("slope"), writer.value(trace.lookup(slope), slope), "∂ ", Tone.SLOPE))
    columns.append(Column(tr("step"), size, arrow, Tone.STEP))
    columns.append(Column(tr("new value"), writer.value(told.value, target)))
    return [Columns(tuple(columns))]


def _slope(told: Told, name: str) -> Ref | None:
    """The gradient that the step was taken with: the last of its stages."""
    trace, target = told.trace, told.target
    found = (
        f"{stage}d{name}"
        for stage in (*reversed(STAGES), "")
        if (target.owner, f"{stage}d{name}") in trace.arrays
    )
    array = next(found, None)
    return None if array is None else trace.ref(target.owner, array, target.index, None)
