"""A press that is not a drag yet: released at once it selects, moved it becomes another gesture."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from gui.editor import folding
from gui.editor.cells import bias_cell
from gui.editor.explaining import explain_at
from gui.editor.gestures.gesture import Gesture, Pointer
from gui.editor.marks import GROUND, Kind, Thing
from gui.selection import Selection
from gui.workspace import CellKey


class Press(Gesture):
    """Waits until it is clear what the user means."""

    def begin(self, pointer: Pointer) -> None:
        self._start = pointer
        self._thing = self.canvas.thing_at(pointer.scene)
        self.canvas.set_focus_thing(self._thing)

    def move(self, pointer: Pointer) -> None:
        if (pointer.view - self._start.view).manhattanLength() >= QApplication.startDragDistance():
            self.canvas.gestures.become_drag(self._thing, self._start, pointer)

    def finish(self, pointer: Pointer) -> None:
        if self._thing.kind is Kind.FOLD:
            folding.toggle(self.canvas, self._thing)
            return
        clicked = selection_of(self._thing, self.canvas)
        before = self.workspace.selection
        if pointer.shift or pointer.ctrl:
            self.workspace.select(before.toggled(clicked))
        else:
            self.workspace.select(clicked)
            self.workspace.choose_cells(chosen_of(self._thing, self.canvas))
            if self.workspace.walk is not None:
                explain_at(self.canvas, self._thing, pointer.scene)  # a number is only read there


def chosen_of(thing: Thing, canvas) -> tuple[CellKey, ...]:
    """The one number of what is selected that a click is about: the bias of a neuron."""
    unit = canvas.network.geometry.unit(*thing.unit) if thing.kind is Kind.BIAS else None
    return (bias_cell(unit),) if unit is not None else ()


def selection_of(thing: Thing, canvas) -> Selection:
    """What a click on a thing selects."""
    if thing == GROUND:
        return Selection()
    if thing.is_wire:
        return Selection(synapses=frozenset({canvas.network.wires.synapse(thing.wire)}))
    if thing.kind is Kind.TRUNK:
        return Selection(wires=canvas.network.trunks.wires(thing.wire))
    if thing.is_unit or thing.kind is Kind.BIAS:
        return Selection(units=frozenset({thing.unit}))
    if thing.kind is Kind.NOTE:
        return Selection(notes=frozenset({thing.note}))
    if thing.group:
        return Selection(layers=canvas.network.enclosures.layers_of(thing.group))
    return Selection(layers=frozenset({thing.layer}))
