"""Entries about folding and grouping, in the menus of layers, neurons, groups and the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from engine.document.grouping import groups
from gui.editor import folding
from gui.editor.marks import Kind, Thing
from gui.editor.menus.entry import entry

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def add_folding(menu: QMenu, canvas: Canvas, thing: Thing, point: QPointF) -> None:
    """Fold, unfold, group, ungroup, rename."""
    if thing.group:
        _group(menu, canvas, thing.group)
    elif thing.layer and (thing.is_layer or thing.is_unit or thing.kind is Kind.BIAS):
        _layer(menu, canvas, thing.layer)
    elif thing.kind is Kind.GROUND and groups(canvas.workspace.document):
        menu.addSeparator()
        some = canvas.workspace.document.folded or any(e.folded for e in canvas.workspace.document.layers)
        entry(menu, canvas, canvas.tr("Fold all groups"), "minimize", lambda: folding.fold_all(canvas, True))
        unfold = lambda: folding.fold_all(canvas, False)  # noqa: E731
        entry(menu, canvas, canvas.tr("Unfold everything"), "maximize", unfold, on=bool(some))


def _group(menu: QMenu, canvas: Canvas, path: str) -> None:
    workspace = canvas.workspace
    folded = path in workspace.document.folded
    menu.addSeparator()
    text = canvas.tr("Unfold the group") if folded else canvas.tr("Fold the group to one node")
    icon = "maximize" if folded else "minimize"
    entry(menu, canvas, text, icon, lambda: folding.fold_group(workspace, path, not folded), "F")
    title = Thing(Kind.GROUP, group=path)
    entry(menu, canvas, canvas.tr("Rename the group …"), "pencil", lambda: canvas.edit(title), "F2")
    text = canvas.tr("Ungroup: its layers stay")
    entry(menu, canvas, text, "ungroup", lambda: folding.ungroup(workspace, path), "Ctrl+Shift+G")


def _layer(menu: QMenu, canvas: Canvas, layer: str) -> None:
    workspace = canvas.workspace
    chosen = workspace.selection.layers
    about = folding.layers_meant(canvas) if layer in chosen else [layer]
    able = [each for each in about if folding.can_fold(canvas, each)]
    menu.addSeparator()
    if able:
        folded = all(folding.is_folded(canvas, each) for each in able)
        text = canvas.tr("Unfold to neurons") if folded else canvas.tr("Fold to a block")
        icon = "maximize" if folded else "minimize"
        fold = lambda: folding.fold_layers(workspace, able, not folded)  # noqa: E731
        entry(menu, canvas, text, icon, fold, "F")
    text = canvas.tr("Group {count} layers …").format(count=len(about))
    if len(about) == 1:
        text = canvas.tr("Group this layer …")
    entry(menu, canvas, text, "group", lambda: folding.group_layers(canvas, about), "Ctrl+G")
    if any(workspace.document.layer(each).group for each in about):
        text = canvas.tr("Ungroup")
        entry(menu, canvas, text, "ungroup", lambda: folding.ungroup_layers(workspace, about), "Ctrl+Shift+G")
