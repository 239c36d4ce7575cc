"""Connecting without a mouse: arrows choose the goal, Enter connects, Esc leaves.

It is the gesture that the mouse makes, with the goal chosen by keys; so both say the same and do the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent

from gui.editor import keyboard
from gui.editor.commands import why_not
from gui.editor.geometry import LayerPlace
from gui.editor.gestures.connect_layers import ConnectLayers
from gui.editor.gestures.connect_units import ConnectUnits
from gui.editor.gestures.gesture import ARROW, Gesture, Pointer
from gui.editor.marks import Kind, Thing
from gui.selection import Unit

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

translate = QCoreApplication.translate
_ARROWS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_TABS = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}


class UnitsByKeys(ConnectUnits):
    """A synapse from one neuron to the neuron that the keys choose."""

    cursor = ARROW

    def __init__(self, canvas: Canvas, unit: Unit) -> None:
        super().__init__(canvas, unit)
        self.source = unit[0]

    def refusal(self, pointer: Pointer) -> str:
        """Why the goal cannot be connected; empty if it can."""
        return self._refusal(self._goal(pointer))


class LayersByKeys(ConnectLayers):
    """All synapses from one layer to the layer that the keys choose."""

    cursor = ARROW

    def __init__(self, canvas: Canvas, layer: str) -> None:
        super().__init__(canvas, layer)
        self.source = layer

    def refusal(self, pointer: Pointer) -> str:
        """Why the goal cannot be connected; empty if it can."""
        return self._refusal(self._goal(pointer))


class Connecting:
    """Begins such a gesture and leads its goal; the gesture that is going on is the only state besides."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._goal = Thing()

    @property
    def gesture(self) -> UnitsByKeys | LayersByKeys | None:
        """The one that the keys began, as long as it goes on."""
        found: Gesture | None = self._canvas.gestures.gesture
        return found if isinstance(found, UnitsByKeys | LayersByKeys) else None

    def begin(self) -> None:
        """From the neuron or layer in the focus, or else from what is selected."""
        canvas, geometry = self._canvas, self._canvas.network.geometry
        source = self._source()
        place = geometry.places.get(source.layer)
        if place is None:
            said = translate("Canvas", "Go to a neuron or a layer first: Tab leads through the network.")
            canvas.workspace.say(said)
            return
        if place.role == "output":
            said = translate("Canvas", "The output is the end of the network: nothing follows it.")
            canvas.workspace.say(said)
            return
        goals = self._layers(source.layer)
        if not goals:
            said = translate("Canvas", "There is no other layer yet that it could be connected with.")
            canvas.workspace.say(said)
            return
        by_unit = source.is_unit and not place.is_block
        made = UnitsByKeys(canvas, source.unit) if by_unit else LayersByKeys(canvas, source.layer)
        canvas.set_focus_thing(source, spoken=True)
        self._goal = source
        canvas.gestures.start(made, self._pointer())
        best = self._likely(source.layer, goals)
        self._goal = self._in_layer(best, canvas.network.rect_of(source).center().y())
        self._show()

    def takes(self, key: int, keys: Qt.KeyboardModifier) -> bool:
        """Whether the key is one that chooses the goal now; the window has it otherwise."""
        held = keys & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Backtab:
            held &= ~Qt.KeyboardModifier.ShiftModifier
        return self.gesture is not None and not held and key in {*_ARROWS, *_ENTER, *_TABS}

    def press(self, key: int) -> None:
        """Another goal, or do it."""
        gesture = self.gesture
        assert gesture is not None
        if key in _ENTER:
            self._do(gesture)
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._vertically(key == Qt.Key.Key_Down)
        else:
            onward = key in {Qt.Key.Key_Right, Qt.Key.Key_Tab}
            self._across(gesture.source, onward, round_about=key in _TABS)

    # ---------------------------------------------------------------- choosing

    def _source(self) -> Thing:
        canvas = self._canvas
        focus, chosen = canvas.focus_thing, canvas.workspace.selection
        if focus.kind is Kind.BIAS:
            return Thing(Kind.UNIT, focus.layer, focus.key)
        if focus.is_unit or focus.is_layer:
            return focus
        if len(chosen) == 1 and chosen.units:
            layer, key = next(iter(chosen.units))
            return Thing(Kind.UNIT, layer, key)
        return Thing(Kind.CAPTION, chosen.layer or "")

    def _layers(self, source: str) -> list[LayerPlace]:
        """The layers that can be chosen, from left to right."""
        places = self._canvas.network.geometry.places.values()
        others = (each for each in places if each.id != source)
        return sorted(others, key=lambda each: (each.frame.center().x(), each.frame.center().y()))

    def _likely(self, source: str, goals: list[LayerPlace]) -> LayerPlace:
        """What one most probably means: the nearest one to the right that may be connected."""
        geometry, document = self._canvas.network.geometry, self._canvas.workspace.document
        x = geometry.places[source].frame.center().x()
        right = [each for each in goals if each.frame.center().x() > x]
        fit = [each for each in right if not why_not(document, source, each.id)]
        new = [each for each in fit if document.connection(source, each.id) is None]
        return next(iter(new or fit or right or goals))

    def _in_layer(self, place: LayerPlace, y: float) -> Thing:
        """The neuron of a layer at that height, or the layer as a whole."""
        unit = self._canvas.network.geometry.nearest_unit(place.id, y)
        if isinstance(self.gesture, LayersByKeys) or place.is_block or unit is None:
            return Thing(Kind.CAPTION, place.id)
        return Thing(Kind.UNIT, place.id, unit.key)

    def _across(self, source: str, onward: bool, *, round_about: bool) -> None:
        """The layer to the right or to the left of the goal."""
        goals = self._layers(source)
        ids = [each.id for each in goals]
        at = ids.index(self._goal.layer) + (1 if onward else -1) if self._goal.layer in ids else 0
        if round_about:
            at %= len(goals)
        if 0 <= at < len(goals):
            self._goal = self._in_layer(goals[at], self._canvas.network.rect_of(self._goal).center().y())
            self._show()

    def _vertically(self, down: bool) -> None:
        """The neuron below or above; where whole layers are connected, the next layer."""
        gesture = self.gesture
        assert gesture is not None
        place = self._canvas.network.geometry.places.get(self._goal.layer)
        if place is None or not self._goal.is_unit:
            self._across(gesture.source, down, round_about=False)
            return
        keys = [unit.key for unit in place.units]
        at = keys.index(self._goal.key) + (1 if down else -1) if self._goal.key in keys else 0
        if 0 <= at < len(keys):
            self._goal = Thing(Kind.UNIT, place.id, keys[at])
            self._show()

    # ---------------------------------------------------------------- showing and doing

    def _pointer(self) -> Pointer:
        centre = self._canvas.network.rect_of(self._goal).center()
        return Pointer(centre, self._canvas.mapFromScene(centre))

    def _show(self) -> None:
        """The line to the goal, and in words what Enter would do or why it would not."""
        canvas, gesture = self._canvas, self.gesture
        if gesture is None:
            return
        canvas.camera.reveal(canvas.network.rect_of(self._goal))
        pointer = self._pointer()
        gesture.move(pointer)
        reason = gesture.refusal(pointer)
        words = translate("Canvas", "Enter connects, arrows choose, Esc leaves")
        canvas.bubble.show_at(pointer.view, reason or words, good=not reason)
        goal = keyboard.described(self._goal, canvas.network, canvas.workspace)
        canvas.setAccessibleDescription(f"{goal}. {reason or words}")
        QAccessible.updateAccessibility(QAccessibleEvent(canvas, QAccessible.Event.DescriptionChanged))

    def _do(self, gesture: UnitsByKeys | LayersByKeys) -> None:
        """Connect; where that is refused the reason is said, and another goal can be chosen."""
        canvas, pointer = self._canvas, self._pointer()
        reason = gesture.refusal(pointer)
        if reason:
            canvas.workspace.say(reason)
            self._show()
            return
        goal = self._goal
        canvas.gestures.release(pointer)
        chosen = canvas.workspace.selection.synapses
        number = canvas.network.wires.number_of(next(iter(chosen))) if len(chosen) == 1 else None
        made = goal if number is None or not goal.is_unit else Thing(Kind.WIRE, wire=number)
        canvas.set_focus_thing(made, spoken=True)
