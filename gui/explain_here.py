"""Explain what the keyboard is at: the number in the focus, else what is selected on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtWidgets import QApplication, QWidget

from gui.explaining import Asked

if TYPE_CHECKING:
    from gui.main_window import MainWindow


@runtime_checkable
class ShowsNumbers(Protocol):
    """A widget that can say which number the keyboard is at within it."""

    def asked_number(self) -> Asked | None:
        """That number; ``None`` where there is none."""


def explain_here(window: MainWindow, *, follow: bool = False) -> None:
    """The key E, and with Shift: the answer comes into the formula panel, and the keyboard with it."""
    workspace = window.workspace
    asked = _in_focus() or window.canvas.asked_number()
    if asked is None:
        workspace.say(window.tr("Point at a number, or select a neuron or a synapse: E explains it."))
        return
    if follow:
        workspace.follow(asked.cell)
    else:
        workspace.explain(asked.cell, asked.update)
    workspace.wanted.emit("formula")


def _in_focus() -> Asked | None:
    widget: QWidget | None = QApplication.focusWidget()
    while widget is not None:
        if isinstance(widget, ShowsNumbers) and (asked := widget.asked_number()) is not None:
            return asked
        widget = widget.parentWidget()
    return None
