"""Esc in a field: what was tried out goes, and its undo entry with it."""

from __future__ import annotations

from gui.history import EditCommand
from gui.workspace import Workspace


def take_back(workspace: Workspace) -> None:
    """Undo the gesture that goes on, so that it cannot be done again either."""
    stack = workspace.editing.undo_stack
    last = stack.command(stack.index() - 1) if stack.canUndo() else None
    if isinstance(last, EditCommand) and last.merge_key is not None:
        workspace.editing.end_merge()
        last.undo()
        last.setObsolete(True)
        stack.undo()  # an obsolete entry is only taken off the stack
