"""What is marked on the canvas: selected, hovered, in the keyboard's focus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from gui.editor.cells import bias_of, unit_of, wire_of
from gui.editor.geometry import Geometry
from gui.editor.trunks import Trunks
from gui.editor.wires import Wires
from gui.selection import Selection, Unit
from gui.workspace import CellKey


class Kind(StrEnum):
    """What there is on the canvas."""

    UNIT = "unit"
    PORT = "port"
    BIAS = "bias"
    WIRE = "wire"
    CHIP = "chip"
    TRUNK = "trunk"
    """A connection that is drawn as one line."""
    CAPTION = "caption"
    HANDLE = "handle"
    FRAME = "frame"
    GROUP = "group"
    """The title of the frame around a group of layers, or a folded group."""
    FOLD = "fold"
    """The sign that folds or unfolds a layer or a group."""
    NOTE = "note"
    """A note, or the sign of one that is attached to something."""
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something under the mouse or in the focus."""

    kind: Kind = Kind.GROUND
    layer: str = ""
    key: int = 0
    wire: int = -1
    """The number of a synapse or, for a trunk, of its line."""
    group: str = ""
    note: str = ""

    @property
    def unit(self) -> Unit:
        """The neuron it is or belongs to."""
        return self.layer, self.key

    @property
    def is_unit(self) -> bool:
        """Whether it is a neuron or its handle."""
        return self.kind in {Kind.UNIT, Kind.PORT}

    @property
    def is_wire(self) -> bool:
        """Whether it is a synapse or the number on it."""
        return self.kind in {Kind.WIRE, Kind.CHIP}

    @property
    def is_layer(self) -> bool:
        """Whether it is a layer as a whole."""
        return self.kind in {Kind.CAPTION, Kind.HANDLE, Kind.FRAME} or (
            self.kind is Kind.FOLD and bool(self.layer)
        )


GROUND = Thing()


@dataclass(frozen=True, slots=True)
class Marks:
    """Sets that the items look themselves up in."""

    layers: frozenset[str] = frozenset()
    units: frozenset[Unit] = frozenset()
    wires: frozenset[int] = frozenset()
    hovered_layers: frozenset[str] = frozenset()
    hovered_units: frozenset[Unit] = frozenset()
    hovered_biases: frozenset[Unit] = frozenset()
    hovered_wires: frozenset[int] = frozenset()
    ports: frozenset[Unit] = frozenset()
    """Neurons whose handle is shown."""
    handles: frozenset[str] = frozenset()
    """Layers whose handle is shown."""
    focus: Thing = field(default=GROUND)
    biases: frozenset[Unit] = frozenset()
    """Neurons of which the bias is selected."""
    trunks: frozenset[int] = frozenset()
    """Lines to and from blocks that are selected."""
    hovered_trunks: frozenset[int] = frozenset()
    hovered_group: str = ""
    notes: frozenset[str] = frozenset()
    hovered_note: str = ""
    hovered_fold: str = ""
    """The layer whose fold sign is under the mouse, or the group with a stroke behind it."""


def marks_of(
    geometry: Geometry,
    wires: Wires,
    selection: Selection,
    cells: Iterable[CellKey],
    under: Thing,
    focus: Thing,
    trunks: Trunks | None = None,
    chosen: Iterable[CellKey] = (),
) -> Marks:
    """Everything that is marked, from what the workspace and the canvas know."""
    hovered_wires, hovered_units, hovered_biases = set(), set(), set()
    for cell in cells:
        wire = wire_of(cell, wires)
        bias = bias_of(cell, geometry) if wire is None else None
        unit = unit_of(cell, geometry) if wire is None and bias is None else None
        if wire is not None:
            hovered_wires.add(wire)
        elif bias is not None:
            hovered_biases.add(bias.unit)
        elif unit is not None:
            hovered_units.add(unit.unit)
    numbers = (wires.number_of(synapse) for synapse in selection.synapses)
    layer = under.layer if under.is_layer or under.is_unit else ""
    lines = (trunks.number_of(wire) for wire in selection.wires) if trunks is not None else ()
    return Marks(
        layers=selection.layers,
        units=selection.units,
        wires=frozenset(number for number in numbers if number is not None),
        hovered_layers=frozenset({under.layer} if under.is_layer else ()),
        hovered_units=frozenset(hovered_units),
        hovered_biases=frozenset(hovered_biases),
        hovered_wires=frozenset(hovered_wires),
        ports=frozenset({under.unit} if under.is_unit and _sends(geometry, layer) else ()),
        handles=frozenset({layer} if layer and _sends(geometry, layer) else ()),
        focus=focus,
        biases=frozenset(bias.unit for cell in chosen if (bias := bias_of(cell, geometry)) is not None),
        trunks=frozenset(number for number in lines if number is not None),
        hovered_trunks=frozenset(each.wire for each in (under, focus) if each.kind is Kind.TRUNK),
        hovered_group=under.group,
        notes=selection.notes,
        hovered_note=under.note,
        hovered_fold=(under.layer or f"{under.group}/") if under.kind is Kind.FOLD else "",
    )


def _sends(geometry: Geometry, layer: str) -> bool:
    place = geometry.places.get(layer)
    return place is not None and place.role != "output"
