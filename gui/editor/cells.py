"""Between the canvas and the numbers: which cell a synapse or neuron shows, and how it is called."""

from __future__ import annotations

from engine.symbols import Symbol, bare
from gui.editor.geometry import Geometry, UnitPlace
from gui.editor.wires import Wires
from gui.workspace import CellKey


def weight_cell(wires: Wires, number: int) -> CellKey:
    """The weight of a synapse."""
    key, index = wires.cell(number)
    layer, array = key.split(".", 1)
    return layer, array, index, None


def bias_cell(unit: UnitPlace) -> CellKey:
    """The bias of a neuron."""
    return unit.layer, "b", (unit.index, 0), None


def unit_cell(unit: UnitPlace, array: str, example: int | None) -> CellKey:
    """z or a of a neuron."""
    return unit.layer, array, (unit.index,), example


def wire_of(cell: CellKey, wires: Wires) -> int | None:
    """The synapse that a cell belongs to: its weight, gradient or new weight."""
    layer, array, index, _ = cell
    name = bare(array)
    return wires.number_at(f"{layer}.{name}", index) if name.startswith("W.") else None


def bias_of(cell: CellKey, geometry: Geometry) -> UnitPlace | None:
    """The neuron whose bias a cell belongs to."""
    layer, array, index, _ = cell
    return geometry.unit_by_index(layer, index[0]) if bare(array) == "b" and index else None


def unit_of(cell: CellKey, geometry: Geometry) -> UnitPlace | None:
    """The neuron that a cell belongs to: its z, a, da, dz or slope."""
    layer, _, index, _ = cell
    return geometry.unit_by_index(layer, index[0]) if len(index) == 1 else None


def weight_symbol(wires: Wires, number: int) -> Symbol:
    """``w[1]_{3,2}``; with several inputs the number of the sending layer too."""
    bundle = wires.bundle_of(number)
    _, (i, j) = wires.cell(number)
    target = wires.geometry.places[bundle.connection.target]
    source = wires.geometry.places[bundle.connection.source]
    inner = _number(target.number)
    if target.inputs > 1:
        inner = f"{inner},{_number(source.number)}"
    return Symbol("w", f"[{inner}]", f"{i + 1},{j + 1}")


def unit_symbol(geometry: Geometry, unit: UnitPlace, letter: str) -> Symbol:
    """``a[1]_3``; an input is ``x_3``."""
    place = geometry.places[unit.layer]
    below = str(unit.index + 1)
    if place.role == "input" and letter == "a":
        return Symbol("x", "", below)
    return Symbol(letter, f"[{_number(place.number)}]", below)


def _number(number: int | None) -> str:
    return " " if number is None else str(number)
