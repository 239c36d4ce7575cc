"""Which number of the canvas is meant, by a click, by the keyboard or by the mouse that rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF

from engine.symbols import Symbol
from gui.editor.card_table import Line
from gui.editor.cell_under import cell_under, index_under
from gui.editor.cells import bias_cell, unit_cell, weight_cell
from gui.editor.geometry import UnitPlace
from gui.editor.marks import GROUND, Kind, Thing
from gui.explaining import Asked
from gui.widgets.numbers import format_number
from gui.workspace import CellKey

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

translate = QCoreApplication.translate


def cell_at(canvas: Canvas, thing: Thing, point: QPointF | None = None) -> CellKey | None:
    """The number that a thing shows, at a point of the scene if one is given; ``None`` where there is none.

    In a walk it is the number that stands there now: z, or dz; a weight, or its slope.
    """
    network, picture = canvas.network, canvas.network.picture
    noted = note_at(canvas, point)
    if noted is not None:
        return noted
    if thing.is_wire and thing.wire < len(network.wires):
        chip = picture.chips.get(thing.wire)
        return (chip.cell if chip is not None else None) or weight_cell(network.wires, thing.wire)
    unit = network.geometry.unit(*thing.unit)
    if unit is not None:
        return _of_unit(canvas, thing, unit, point)
    item = network.blocks.items.get(thing.layer) if thing.is_layer else None
    return None if item is None else cell_under(item, point, _example(canvas), canvas.workspace.parameters)


def _of_unit(canvas: Canvas, thing: Thing, unit: UnitPlace, point: QPointF | None) -> CellKey | None:
    face = canvas.network.picture.faces.get(unit.unit)
    walking = canvas.network.picture.walking
    if thing.kind is Kind.BIAS:
        return (face.bias.cell if face is not None else None) or bias_cell(unit)
    above = point is not None and point.y() < unit.y
    if walking:
        if face is None:
            return None
        one, two = (face.top, face.bottom) if above else (face.bottom, face.top)
        return one.cell or two.cell
    place = canvas.network.geometry.places[unit.layer]
    has_z = above and place.role != "input"
    return unit_cell(unit, "z" if has_z else "a", canvas.workspace.example) if place.active else None


def _example(canvas: Canvas) -> int:
    walk = canvas.workspace.walk
    if walk is None:
        return canvas.workspace.example
    return walk.trace.m - 1 if walk.example is None else walk.example


def note_at(canvas: Canvas, point: QPointF | None) -> CellKey | None:
    """The number of a bubble beside a neuron: that of the step."""
    walk = canvas.workspace.walk
    if point is None or walk is None or walk.step is None or walk.hidden:
        return None
    inside = any(bubble.rect.contains(point) for bubble in canvas.network.notes.bubbles)
    return walk.step.target.key if inside else None


def explain_at(canvas: Canvas, thing: Thing, point: QPointF | None = None) -> bool:
    """Explain the number there; whether there is one."""
    cell = cell_at(canvas, thing, point)
    if cell is not None:
        canvas.workspace.explain(cell)
    return cell is not None


def asked_by_keyboard(canvas: Canvas) -> Asked | None:
    """The number of what is in the focus, else of the one thing that is selected."""
    thing = canvas.focus_thing
    if not canvas.hasFocus() or thing == GROUND:
        thing = _selected(canvas) or thing
    cell = cell_at(canvas, thing)
    return None if cell is None else Asked(cell)


def _selected(canvas: Canvas) -> Thing | None:
    selection = canvas.workspace.selection
    if len(selection) != 1:
        return None
    for layer, key in selection.units:
        return Thing(Kind.UNIT, layer, key)
    for synapse in selection.synapses:
        number = canvas.network.wires.number_of(synapse)
        return None if number is None else Thing(Kind.WIRE, wire=number)
    for layer in selection.layers:
        return Thing(Kind.CAPTION, layer)
    return None


def hint(canvas: Canvas, thing: Thing, point: QPointF) -> tuple[list[Line], str]:
    """For the card: the pixel under the mouse with its value, and how to have it explained."""
    lines = []
    item = canvas.network.blocks.items.get(thing.layer) if thing.is_layer else None
    at = None if item is None else index_under(item, point)
    if item is not None and at is not None and item.face.values is not None:
        values = item.face.values
        inside = len(at) == values.ndim and all(i < n for i, n in zip(at, values.shape, strict=True))
        known = item.face.known is None or (inside and bool(item.face.known[at]))
        if inside and known and np.isscalar(values[at]):
            below = ",".join(str(i + 1) for i in at)
            lines.append(Line(Symbol(item.face.array, "", below), format_number(values[at]), strong=True))
    words = translate("Canvas", "Alt and a click, or E: where this number comes from")
    if canvas.workspace.walk is not None:
        words = translate("Canvas", "Click: where this number comes from")
    return lines, words
