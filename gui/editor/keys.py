"""The keys of the canvas. Arrows left and right, Space, Home and the page keys belong to the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from gui.editor import commands, keyboard
from gui.editor.gestures.press import selection_of
from gui.editor.marks import GROUND, Kind, Thing
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Keys:
    """A table from keys to what they do."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._plain: dict[Qt.Key, Callable[[], object]] = {
            Key.Key_Delete: canvas.remove_selected,
            Key.Key_Backspace: canvas.remove_selected,
            Key.Key_Return: self._edit,
            Key.Key_Enter: self._edit,
            Key.Key_F2: self._rename,
            Key.Key_Insert: self._add,
            Key.Key_L: self._lock,
            Key.Key_X: lambda: canvas.gestures.put_scissors(True),
            Key.Key_Up: lambda: self._sideways(False),
            Key.Key_Down: lambda: self._sideways(True),
            Key.Key_Menu: self._menu,
        }
        self._ctrl: dict[Qt.Key, Callable[[], object]] = {
            Key.Key_0: canvas.fit,
            Key.Key_Plus: canvas.zoom_in,
            Key.Key_Equal: canvas.zoom_in,
            Key.Key_Minus: canvas.zoom_out,
        }

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key was one of the canvas's."""
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._canvas.select_all()
            return True
        key = Qt.Key(event.key())
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Key.Key_Escape:
            return self._escape()
        if key == Key.Key_F10 and keys == SHIFT:
            self._menu()
            return True
        if keys & CTRL:
            do = self._ctrl.get(key)
        elif keys and key not in {Key.Key_Up, Key.Key_Down}:
            do = None
        else:
            do = self._plain.get(key)
        if do is None:
            return False
        do()
        return True

    def _escape(self) -> bool:
        """The gesture first, then the selection; with neither Esc belongs to the window."""
        if self._canvas.cancel():
            return True
        if self._canvas.workspace.selection:
            self._canvas.workspace.select(Selection())
            return True
        return False

    def _edit(self) -> None:
        """Enter: select what is in the focus, and edit its number or name."""
        focus = self._canvas.focus_thing
        if focus != GROUND:
            self._canvas.workspace.select(selection_of(focus, self._canvas))
            self._canvas.edit(focus)

    def _rename(self) -> None:
        layer = self._canvas.focus_thing.layer or self._canvas.workspace.selection.layer
        if layer:
            self._canvas.edit(Thing(Kind.CAPTION, layer))

    def _add(self) -> None:
        layer = self._canvas.focus_thing.layer or self._canvas.workspace.selection.layer
        if layer:
            commands.add_unit(self._canvas.workspace, layer)

    def _lock(self) -> None:
        canvas = self._canvas
        chosen = canvas.workspace.selection.synapses or selection_of(canvas.focus_thing, canvas).synapses
        numbers = [canvas.network.wires.number_of(synapse) for synapse in chosen]
        open_ones = any(number is not None and not canvas.network.wires.locked(number) for number in numbers)
        commands.lock(canvas.workspace, chosen, open_ones)

    def _sideways(self, down: bool) -> None:
        thing = keyboard.sideways(self._canvas.network, self._canvas.focus_thing, down)
        if thing is not None:
            self._canvas.set_focus_thing(thing, spoken=True)

    def _menu(self) -> None:
        canvas = self._canvas
        point = canvas.mapFromScene(canvas.network.rect_of(canvas.focus_thing).center())
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(point), canvas.mapToGlobal(point))
        QApplication.sendEvent(canvas.viewport(), asked)
