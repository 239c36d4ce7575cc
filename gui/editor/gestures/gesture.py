"""What a gesture is: an object that lives from a press of the mouse to its release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

ARROW = Qt.CursorShape.ArrowCursor


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the mouse is, and which keys are held."""

    scene: QPointF
    view: QPoint
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier

    @property
    def shift(self) -> bool:
        """Whether Shift is held."""
        return bool(self.keys & Qt.KeyboardModifier.ShiftModifier)

    @property
    def ctrl(self) -> bool:
        """Whether Ctrl is held."""
        return bool(self.keys & Qt.KeyboardModifier.ControlModifier)

    @property
    def alt(self) -> bool:
        """Whether Alt is held."""
        return bool(self.keys & Qt.KeyboardModifier.AltModifier)


class Gesture:
    """Base of all gestures. ``begin`` is called once, then ``move`` often, then ``finish`` or ``cancel``.

    A gesture shows previews only; the one edit is made in ``finish``, so that ``cancel`` (Esc) has
    nothing to take back but the preview.
    """

    cursor = ARROW

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.workspace = canvas.workspace

    def begin(self, pointer: Pointer) -> None:
        """The gesture starts here."""

    def move(self, pointer: Pointer) -> None:
        """The mouse is somewhere else."""

    def finish(self, pointer: Pointer) -> None:
        """The mouse button was released here: do it."""

    def cancel(self) -> None:
        """Esc, or the document changed: leave everything as it was."""
