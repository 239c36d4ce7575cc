"""Decides which gesture a press begins; holds the one that is going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gui.editor.cells import bias_cell
from gui.editor.gestures.connect_layers import ConnectLayers
from gui.editor.gestures.connect_units import ConnectUnits
from gui.editor.gestures.gesture import ARROW, Gesture, Pointer
from gui.editor.gestures.move_layers import MoveLayers
from gui.editor.gestures.move_notes import MoveNotes, note_gesture
from gui.editor.gestures.nudge import NudgeDrag
from gui.editor.gestures.pan import Pan
from gui.editor.gestures.press import Press
from gui.editor.gestures.right_press import OneMenu, RightPress
from gui.editor.gestures.rubber_band import RubberBand
from gui.editor.gestures.scissors import Scissors
from gui.editor.marks import Kind, Thing

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


class Dispatcher:
    """At most one gesture at a time."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.gesture: Gesture | None = None
        self.scissors = False
        """Whether the scissors are in hand: the next drag cuts."""
        self._menus: OneMenu | None = None

    def press(self, button: Qt.MouseButton, pointer: Pointer) -> None:
        """A mouse button goes down."""
        if button == Qt.MouseButton.MiddleButton:
            self.start(Pan(self._canvas), pointer)
        elif button == Qt.MouseButton.RightButton:
            self._menus = self._menus or OneMenu(self._canvas.viewport())
            self._menus.drops = True
            self.start(RightPress(self._canvas), pointer)
        elif button == Qt.MouseButton.LeftButton:
            alone = pointer.alt and not pointer.ctrl and not pointer.shift
            cutting = self.scissors or alone
            self.start(Scissors(self._canvas) if cutting else Press(self._canvas), pointer)

    def start(self, gesture: Gesture, pointer: Pointer) -> None:
        """Another gesture begins; one that is going on is cancelled."""
        self.cancel()
        self.gesture = gesture
        if gesture.cursor != ARROW:
            self._canvas.viewport().setCursor(gesture.cursor)
        gesture.begin(pointer)

    def become_drag(self, thing: Thing, start: Pointer, now: Pointer) -> None:
        """A press turns out to be a drag."""
        self.gesture = None
        self.start(self._drag_of(thing, start), start)
        if self.gesture is not None:
            self.gesture.move(now)

    def move(self, pointer: Pointer) -> None:
        """The mouse moves."""
        if self.gesture is not None:
            self.gesture.move(pointer)

    def release(self, pointer: Pointer) -> None:
        """The mouse button comes up."""
        gesture, self.gesture = self.gesture, None
        self._rest()
        if gesture is not None:
            if isinstance(gesture, Scissors):
                self.put_scissors(False)
            gesture.finish(pointer)

    def cancel(self) -> bool:
        """Leave whatever is going on; whether there was anything."""
        gesture, self.gesture = self.gesture, None
        if gesture is None:
            return self.put_scissors(False)
        self._rest()
        gesture.cancel()
        return True

    def put_scissors(self, taken: bool) -> bool:
        """Take the scissors into the hand or lay them down; whether that changed anything."""
        changed = taken != self.scissors
        self.scissors = taken
        self._rest()
        return changed

    def _rest(self) -> None:
        if self.scissors:
            self._canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        else:
            self._canvas.viewport().unsetCursor()

    def _drag_of(self, thing: Thing, start: Pointer) -> Gesture:
        canvas = self._canvas
        if thing.kind is Kind.PORT or (thing.kind is Kind.UNIT and start.ctrl):
            return ConnectUnits(canvas, thing.unit)
        if thing.kind is Kind.HANDLE:
            return ConnectLayers(canvas, thing.layer)
        if thing.is_wire and start.ctrl:
            return NudgeDrag(canvas, *canvas.network.wires.cell(thing.wire))
        unit = canvas.network.geometry.unit(*thing.unit)
        if thing.kind is Kind.BIAS and start.ctrl and unit is not None:
            layer, array, index, _ = bias_cell(unit)
            return NudgeDrag(canvas, f"{layer}.{array}", index)
        if thing.kind is Kind.NOTE:
            return note_gesture(canvas, thing.note, start)
        if canvas.workspace.selection.notes and thing.layer in canvas.workspace.selection.layers:
            return MoveNotes(canvas, canvas.workspace.selection)
        if thing.group:
            return MoveLayers(canvas, canvas.network.enclosures.layers_of(thing.group), thing.group)
        if thing.layer:
            chosen = canvas.workspace.selection.layers
            return MoveLayers(canvas, chosen if thing.layer in chosen else frozenset({thing.layer}))
        return RubberBand(canvas)
