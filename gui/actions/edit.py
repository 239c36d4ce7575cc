"""Undo, redo and what the canvas does with its selection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from gui.actions.folding import NOTE
from gui.actions.table import Item, Row, translated
from gui.editor import clipboard
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def _undo(window: MainWindow) -> str:
    what = window.workspace.editing.undo_stack.undoText()
    return f"{translated('&Undo')}: {what}" if what else translated("&Undo")


def _redo(window: MainWindow) -> str:
    what = window.workspace.editing.undo_stack.redoText()
    return f"{translated('&Redo')}: {what}" if what else translated("&Redo")


def _press(window: MainWindow, key: str) -> None:
    """Do what a key of the canvas does."""
    window.canvas.setFocus()
    combination = QKeySequence(key)[0]  # type: ignore[index]
    pressed = QKeyEvent(QEvent.Type.KeyPress, combination.key(), combination.keyboardModifiers())
    QApplication.sendEvent(window.canvas, pressed)


def _on_canvas(
    id: str,
    text: str,
    key: str,
    icon: str,
    tip: str = "",
    section: bool = False,
    enabled: Callable[[MainWindow], bool] | None = None,
) -> Row:
    """What a key of the canvas does, for those who look for it in the menu."""
    return Row(
        id, text, lambda w: _press(w, key), (key,), icon, tip, enabled=enabled, local=True, section=section
    )


def _something(window: MainWindow) -> bool:
    """Whether there are layers, neurons or notes to copy."""
    return clipboard.can_copy(clipboard.chosen(window.canvas))


ITEMS: tuple[Item, ...] = (
    Row(
        "undo",
        QT_TRANSLATE_NOOP("actions", "&Undo"),
        lambda w: w.workspace.editing.undo(),
        ("Ctrl+Z",),
        "undo-2",
        QT_TRANSLATE_NOOP("actions", "Take back the last edit or the last stretch of training"),
        enabled=lambda w: w.workspace.editing.undo_stack.canUndo() or w.workspace.training.running,
        caption=_undo,
        repeats=True,
    ),
    Row(
        "redo",
        QT_TRANSLATE_NOOP("actions", "&Redo"),
        lambda w: w.workspace.editing.redo(),
        ("Ctrl+Y", "Ctrl+Shift+Z"),
        "redo-2",
        enabled=lambda w: w.workspace.editing.undo_stack.canRedo(),
        caption=_redo,
        repeats=True,
    ),
    _on_canvas(
        "cut",
        QT_TRANSLATE_NOOP("actions", "Cu&t"),
        "Ctrl+X",
        "scissors",
        QT_TRANSLATE_NOOP("actions", "The selected layers, neurons and notes go to the clipboard"),
        section=True,
        enabled=_something,
    ),
    _on_canvas(
        "copy",
        QT_TRANSLATE_NOOP("actions", "Cop&y"),
        "Ctrl+C",
        "copy",
        QT_TRANSLATE_NOOP("actions", "The selected layers and neurons, with the synapses among them"),
        enabled=_something,
    ),
    _on_canvas(
        "paste",
        QT_TRANSLATE_NOOP("actions", "&Paste"),
        "Ctrl+V",
        "clipboard-paste",
        QT_TRANSLATE_NOOP("actions", "What was copied here, in another window, or as text from a mail"),
        enabled=lambda _: clipboard.can_paste(),
    ),
    _on_canvas(
        "duplicate",
        QT_TRANSLATE_NOOP("actions", "&Duplicate"),
        "Ctrl+D",
        "copy-plus",
        QT_TRANSLATE_NOOP("actions", "Copies beside the originals, fed by the same layers, with all weights"),
        enabled=_something,
    ),
    _on_canvas(
        "select-all", QT_TRANSLATE_NOOP("actions", "Select &all"), "Ctrl+A", "square-dashed", section=True
    ),
    _on_canvas(
        "remove",
        QT_TRANSLATE_NOOP("actions", "Re&move"),
        "Del",
        "trash-2",
        QT_TRANSLATE_NOOP("actions", "What is selected goes; what was learned elsewhere stays"),
    ),
    _on_canvas(
        "connect",
        QT_TRANSLATE_NOOP("actions", "Connect &with another…"),
        "C",
        "spline",
        QT_TRANSLATE_NOOP("actions", "From the neuron or layer in the focus: arrows choose, Enter connects"),
    ),
    _on_canvas("add-neuron", QT_TRANSLATE_NOOP("actions", "Add a neuro&n"), "Ins", "circle-plus"),
    _on_canvas("rename", QT_TRANSLATE_NOOP("actions", "R&ename the layer"), "F2", "pencil"),
    _on_canvas("lock", QT_TRANSLATE_NOOP("actions", "&Lock the weight"), "L", "lock"),
    NOTE,
    _on_canvas(
        "scissors",
        QT_TRANSLATE_NOOP("actions", "&Cut synapses"),
        "X",
        "scissors",
        QT_TRANSLATE_NOOP("actions", "Scissors: draw a line across the synapses"),
    ),
)
