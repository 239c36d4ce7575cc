"""A weight or bias turned up and down live, with Ctrl and a vertical drag or with the wheel."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt

from gui.editor.commands import value_of
from gui.editor.gestures.gesture import Gesture, Pointer

PIXELS = 6
"""Pixels of a drag for one step."""
STEP = 0.05


class Nudge:
    """One weight while it is being turned: many small edits that are one undo entry."""

    count = 0

    def __init__(self, workspace, key: str, index: tuple[int, ...]) -> None:
        Nudge.count += 1
        self.workspace, self.key, self.index = workspace, key, index
        self._merge = f"nudge {key} {index} {Nudge.count}"
        self.start = self.value = value_of(workspace, key, index)

    def about(self, key: str, index: tuple[int, ...]) -> bool:
        """Whether it turns that weight."""
        return (self.key, self.index) == (key, index)

    def turn(self, steps: float) -> None:
        """So many steps up or down from where it is."""
        if self.value is not None:
            self.set(self.value, steps)

    def set(self, base: float, steps: float) -> None:
        """To ``base`` and so many steps more; calculated in decimals, so that 0.1 + 0.2 is 0.3."""
        value = float(Decimal(repr(base)) + Decimal(repr(STEP)) * Decimal(repr(float(steps))))
        if value != self.value:
            self.value = value
            self.workspace.editing.set_weight(self.key, self.index, value, merge=self._merge)

    def end(self) -> None:
        """The next turn is an undo entry of its own."""
        self.workspace.editing.end_merge()


class NudgeDrag(Gesture):
    """Up is more, down is less; Shift makes the steps ten times as large, Esc goes back."""

    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, canvas, key: str, index: tuple[int, ...]) -> None:
        super().__init__(canvas)
        self._nudge = Nudge(self.workspace, key, index)
        self._entries = self.workspace.editing.undo_stack.index()

    def begin(self, pointer: Pointer) -> None:
        self._y = pointer.view.y()

    def move(self, pointer: Pointer) -> None:
        steps = int((self._y - pointer.view.y()) / PIXELS)
        if self._nudge.start is not None:
            self._nudge.set(self._nudge.start, steps * (10 if pointer.shift else 1))

    def finish(self, pointer: Pointer) -> None:
        self.move(pointer)
        self._nudge.end()

    def cancel(self) -> None:
        self._nudge.end()
        if self._nudge.value != self._nudge.start:
            self.workspace.editing.undo()
