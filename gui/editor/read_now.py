"""Of which synapses the numbers are read now: those that are marked, and those of the neuron in question."""

from __future__ import annotations

from gui.editor import labels
from gui.editor.geometry import Geometry
from gui.editor.marks import Kind, Marks
from gui.editor.wires import Wires


def focused(marks: Marks) -> frozenset[int]:
    """The synapse in the keyboard's focus."""
    return frozenset({marks.focus.wire} if marks.focus.is_wire else ())


def loud(marks: Marks) -> frozenset[int]:
    """Synapses whose numbers are always shown."""
    few = marks.wires if len(marks.wires) <= labels.MOST else frozenset()
    return few | marks.hovered_wires | focused(marks)


def incoming(marks: Marks, geometry: Geometry, wires: Wires) -> frozenset[int]:
    """The synapses of the neuron under the mouse or in the focus."""
    units = set(marks.hovered_units)
    if marks.focus.kind is Kind.UNIT:
        units.add(marks.focus.unit)
    unit = geometry.unit(*next(iter(units))) if len(units) == 1 else None
    return wires.into(unit, labels.MOST) if unit is not None else frozenset()
