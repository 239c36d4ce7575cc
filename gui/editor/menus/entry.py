"""One line of a context menu, and the lines that several menus share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from engine.document import Connection
from gui import icons
from gui.editor import arranging, clipboard
from gui.editor.groups import group_title, grouped
from gui.editor.landing import between, settle
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def entry(
    menu: QMenu,
    canvas: Canvas,
    text: str,
    icon: str,
    do: Callable[[], object],
    key: str = "",
    on: bool = True,
    tip: str = "",
) -> QAction:
    """One line; the key stands after a tab, so that Qt shows it without binding it a second time."""
    action = menu.addAction(f"{text}\t{key}" if key else text)
    if icon:
        action.setIcon(icons.icon(icon, canvas.workspace.theme))
    action.triggered.connect(lambda _=False: do())
    action.setEnabled(on)
    if tip:
        action.setToolTip(tip)
    return action


def add_copying(menu: QMenu, canvas: Canvas, about: Selection) -> None:
    """Cut, copy and duplicate of layers or neurons."""
    tr = canvas.tr
    entry(menu, canvas, tr("Cut"), "scissors", lambda: clipboard.cut(canvas, about), "Ctrl+X")
    entry(menu, canvas, tr("Copy"), "copy", lambda: clipboard.copy(canvas, about), "Ctrl+C")
    entry(menu, canvas, tr("Duplicate"), "copy-plus", lambda: clipboard.duplicate(canvas, about), "Ctrl+D")


def add_insertion(menu: QMenu, canvas: Canvas, wire: Connection | None, point: QPointF) -> None:
    """A layer of some kind into a connection; the list is made when it is looked at."""
    sub = menu.addMenu(icons.icon("plus", canvas.workspace.theme), canvas.tr("Insert a layer here"))
    sub.setEnabled(wire is not None)
    if wire is None:
        return

    def fill() -> None:
        sub.clear()
        for group, kinds in grouped().items():
            inner = [kind for kind in kinds if kind.role == "hidden"]
            below = sub.addMenu(group_title(group)) if inner and group != "Layers" else sub
            for kind in inner:
                entry(below, canvas, kind.title, "", partial(put, kind.kind), tip=kind.summary)

    def put(kind: str) -> None:
        settle(canvas.workspace, between(canvas.network.geometry, kind, point, wire))

    sub.aboutToShow.connect(fill)
    sub.setToolTipsVisible(True)


def add_tidying(menu: QMenu, canvas: Canvas) -> None:
    """All layers to tidy places."""
    many = len(canvas.workspace.document.layers) > 1
    text = canvas.tr("Tidy the network")
    entry(menu, canvas, text, "workflow", lambda: arranging.tidy(canvas), "Ctrl+T", many)
