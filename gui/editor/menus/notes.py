"""Entries about notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from engine.document.notes import note_on
from gui.editor import note_editing
from gui.editor.marks import Kind, Thing
from gui.editor.menus.entry import entry

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_notes(menu: QMenu, canvas: Canvas, thing: Thing, point: QPointF) -> None:
    """Write one here or on this, change it, remove it."""
    if thing.kind is Kind.NOTE:
        _note(menu, canvas, thing.note)
    elif thing.kind is Kind.GROUND:
        write = lambda: note_editing.write_new(canvas, point)  # noqa: E731
        entry(menu, canvas, canvas.tr("Note here …"), "message-square", write, "N")
    elif thing.layer:
        unit = thing.key if thing.is_unit or thing.kind is Kind.BIAS else None
        there = note_on(canvas.workspace.document, thing.layer, unit) is not None
        if unit is None:
            text = canvas.tr("Change the note …") if there else canvas.tr("Note on this layer …")
        else:
            text = canvas.tr("Change the note …") if there else canvas.tr("Note on this neuron …")
        write_on = lambda: note_editing.write_on(canvas, thing.layer, unit)  # noqa: E731
        entry(menu, canvas, text, "message-square", write_on)


def _note(menu: QMenu, canvas: Canvas, id: str) -> None:
    chosen = canvas.workspace.selection.notes
    about = chosen if id in chosen else frozenset({id})
    entry(
        menu, canvas, canvas.tr("Change the note …"), "pencil", lambda: note_editing.rewrite(canvas, id), "F2"
    )
    many = canvas.tr("Remove {count} notes").format(count=len(about))
    text = many if len(about) > 1 else canvas.tr("Remove the note")
    remove = lambda: note_editing.remove(canvas, about)  # noqa: E731
    entry(menu, canvas, text, "trash-2", remove, canvas.tr("Del"))
