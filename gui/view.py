"""Where the user stands, for the project file: perspective, docks, look, example, breakpoints and camera."""

from __future__ import annotations

import base64
import binascii
import contextlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray

from gui.showing import Showing

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas
    from gui.main_window import MainWindow


def of(window: MainWindow) -> dict[str, Any]:
    """The view of a window, as plain JSON."""
    found: dict[str, Any] = {
        "theme": window.workspace.theme.name,
        "perspective": window.docks.perspective.name,
        "example": window.workspace.example,
        "camera": _camera(window.canvas),
        "showing": window.workspace.showing.plain(),
        "breakpoints": window.workspace.breakpoints.plain(),
    }
    if not window.docks.projecting:
        found["docks"] = bytes(window.saveState().toBase64().data()).decode()
    return found


def restore(window: MainWindow, view: Mapping[str, Any]) -> None:
    """Take over what a file says of the view; what makes no sense is left out."""
    if isinstance(name := view.get("perspective"), str):
        window.show_perspective(name)
    if isinstance(state := view.get("docks"), str):
        with contextlib.suppress(binascii.Error, ValueError):
            window.restoreState(QByteArray(base64.b64decode(state, validate=True)))
    if isinstance(theme := view.get("theme"), str):
        window.look.borrow(theme)
    window.workspace.show_as(Showing.read(view.get("showing")))
    window.workspace.breakpoints.restore(view.get("breakpoints"))
    example = view.get("example")
    if type(example) is int and 0 <= example < 10**9:
        window.workspace.choose_example(example)
    _set_camera(window.canvas, view.get("camera"))


def _camera(canvas: Canvas) -> dict[str, Any]:
    """What the canvas shows."""
    centre = canvas.mapToScene(canvas.viewport().rect().center())
    return {"follows": canvas.camera.follows, "zoom": canvas.camera.zoom, "centre": [centre.x(), centre.y()]}


def _set_camera(canvas: Canvas, camera: Any) -> None:
    """Show that part again; anything else than a camera shows the whole network."""
    if isinstance(camera, dict) and camera.get("follows") is False:
        numbers = [camera.get("zoom"), *(camera["centre"] if isinstance(camera.get("centre"), list) else [])]
        if len(numbers) == 3 and all(isinstance(each, float) and math.isfinite(each) for each in numbers):
            canvas.camera.zoom_to(numbers[0])
            canvas.centerOn(numbers[1], numbers[2])
            return
    canvas.fit()
