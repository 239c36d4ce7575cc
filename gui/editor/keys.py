"""The keys of the canvas. Arrows left and right, Space, Home and the page keys belong to the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from engine.document.arrange import Edge
from gui.editor import arranging, clipboard, commands, folding, keyboard, note_editing
from gui.editor.along import Along
from gui.editor.connecting import Connecting
from gui.editor.gestures.press import chosen_of, selection_of
from gui.editor.marks import GROUND, Kind, Thing
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier

_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)
_EDGES = {
    Key.Key_L: Edge.LEFT,
    Key.Key_C: Edge.CENTRE,
    Key.Key_R: Edge.RIGHT,
    Key.Key_T: Edge.TOP,
    Key.Key_M: Edge.MIDDLE,
    Key.Key_B: Edge.BOTTOM,
}
_STEPS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}


class Keys:
    """A table from keys to what they do."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.connecting = Connecting(canvas)
        self._along = Along(canvas)
        self._plain: dict[Qt.Key, Callable[[], object]] = {
            Key.Key_Delete: canvas.remove_selected,
            Key.Key_Backspace: canvas.remove_selected,
            Key.Key_Return: self._edit,
            Key.Key_Enter: self._edit,
            Key.Key_F2: self._rename,
            Key.Key_Insert: self._add,
            Key.Key_L: self._lock,
            Key.Key_F: lambda: folding.toggle_selected(canvas),
            Key.Key_N: lambda: note_editing.write_new(canvas),
            Key.Key_X: lambda: canvas.gestures.put_scissors(True),
            Key.Key_C: self.connecting.begin,
            Key.Key_Period: lambda: self._along.go(True),
            Key.Key_Comma: lambda: self._along.go(False),
            Key.Key_Up: lambda: self._sideways(False),
            Key.Key_Down: lambda: self._sideways(True),
            Key.Key_Menu: self._menu,
        }
        self._ctrl: dict[Qt.Key, Callable[[], object]] = {
            Key.Key_0: canvas.fit,
            Key.Key_Plus: canvas.zoom_in,
            Key.Key_Equal: canvas.zoom_in,
            Key.Key_Minus: canvas.zoom_out,
            Key.Key_D: lambda: clipboard.duplicate(canvas),
            Key.Key_G: lambda: folding.group_selected(canvas),
            Key.Key_T: lambda: arranging.tidy(canvas),
        }
        self._ctrl_shift: dict[Qt.Key, Callable[[], object]] = {
            **{key: partial(arranging.align, canvas, edge) for key, edge in _EDGES.items()},
            Key.Key_H: lambda: arranging.distribute(canvas, across=True),
            Key.Key_V: lambda: arranging.distribute(canvas, across=False),
            Key.Key_G: lambda: folding.ungroup_selected(canvas),
            Key.Key_Plus: canvas.zoom_in,  # where + is typed with Shift
        }
        self._alt_shift: dict[Qt.Key, Callable[[], object]] = {
            key: partial(arranging.move_by, canvas, *step) for key, step in _STEPS.items()
        }
        self._standard: dict[QKeySequence.StandardKey, Callable[[], object]] = {
            QKeySequence.StandardKey.SelectAll: canvas.select_all,
            QKeySequence.StandardKey.Copy: lambda: clipboard.copy(canvas),
            QKeySequence.StandardKey.Cut: lambda: clipboard.cut(canvas),
            QKeySequence.StandardKey.Paste: lambda: clipboard.paste(canvas),
        }

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key was one of the canvas's. What a field upon it leaves over is none."""
        field = QApplication.focusWidget()
        if isinstance(field, _FIELDS) and self._canvas.isAncestorOf(field):
            return False
        for standard, what in self._standard.items():
            if event.matches(standard):
                what()
                return True
        key = Qt.Key(event.key())
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Key.Key_Escape:
            return self._escape()
        if self.connecting.takes(key, keys):
            self.connecting.press(key)
            return True
        if key == Key.Key_F10 and keys == SHIFT:
            self._menu()
            return True
        if keys == CTRL | SHIFT:
            do = self._ctrl_shift.get(key)
        elif keys == ALT | SHIFT:
            do = self._alt_shift.get(key)
        elif keys & CTRL:
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
            self._canvas.workspace.choose_cells(chosen_of(focus, self._canvas))
            self._canvas.edit(focus)

    def _rename(self) -> None:
        if self._canvas.focus_thing.kind in {Kind.GROUP, Kind.NOTE}:
            self._canvas.edit(self._canvas.focus_thing)
            return
        layer = self._canvas.focus_thing.layer or self._canvas.workspace.selection.layer
        if layer:
            self._canvas.edit(Thing(Kind.CAPTION, layer))

    def _add(self) -> None:
        layer = self._canvas.focus_thing.layer or self._canvas.workspace.selection.layer
        if layer:
            commands.add_unit(self._canvas.workspace, layer)
        else:
            self._canvas.workspace.wanted.emit("palette")

    def _lock(self) -> None:
        canvas = self._canvas
        chosen = canvas.workspace.selection.synapses or selection_of(canvas.focus_thing, canvas).synapses
        numbers = [canvas.network.wires.number_of(synapse) for synapse in chosen]
        open_ones = any(number is not None and not canvas.network.wires.locked(number) for number in numbers)
        commands.lock(canvas.workspace, chosen, open_ones)

    def _sideways(self, down: bool) -> None:
        if self._along.sideways(down):
            return
        thing = keyboard.sideways(self._canvas.network, self._canvas.focus_thing, down)
        if thing is not None:
            self._canvas.set_focus_thing(thing, spoken=True)

    def _menu(self) -> None:
        canvas = self._canvas
        point = canvas.mapFromScene(canvas.network.rect_of(canvas.focus_thing).center())
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(point), canvas.mapToGlobal(point))
        QApplication.sendEvent(canvas.viewport(), asked)
