"""The menu of the empty ground: what can be put there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from gui.editor import clipboard
from gui.editor.groups import FIRST, group_title, grouped
from gui.editor.landing import NEURON, landing, settle
from gui.editor.menus.entry import add_tidying, entry

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_ground(menu: QMenu, canvas: Canvas, point: QPointF) -> None:
    """Kinds of layers, what was copied, and what concerns the whole network."""
    workspace, network, tr = canvas.workspace, canvas.network, canvas.tr

    def put(kind: str) -> Callable[[], object]:
        zoom = canvas.camera.zoom
        return lambda: settle(workspace, landing(network.geometry, network.wires, kind, point, zoom))

    entry(menu, canvas, tr("Neuron here"), "circle-plus", put(NEURON))
    groups = grouped()
    for group, kinds in groups.items():
        here = menu if group in FIRST or len(groups) < 3 else menu.addMenu(group_title(group))
        for kind in kinds:
            text = tr("{layer} here").format(layer=kind.title)
            entry(here, canvas, text, "plus", put(kind.kind), tip=kind.summary)
    menu.addSeparator()
    paste = lambda: clipboard.paste(canvas, point)  # noqa: E731
    entry(menu, canvas, tr("Paste here"), "clipboard-paste", paste, on=clipboard.can_paste())
    entry(menu, canvas, tr("Scissors"), "scissors", lambda: canvas.gestures.put_scissors(True), "X")
    entry(menu, canvas, tr("Select all"), "square-dashed", canvas.select_all, "Ctrl+A")
    add_tidying(menu, canvas)
    entry(menu, canvas, tr("Show the whole network"), "maximize", canvas.fit, "Ctrl+0")
