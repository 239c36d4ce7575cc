"""Folding and grouping on the canvas: which layers and groups are meant, and the edits, each undoable."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF

from engine.core.problems import AxonError
from engine.document import Document, grouping
from engine.document import folding as folds
from gui.editor.commands import layer_title
from gui.editor.marks import Kind, Thing
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

translate = QCoreApplication.translate


# -------------------------------------------------------------------- folding


def toggle(canvas: Canvas, thing: Thing) -> bool:
    """Fold what a sign belongs to, or unfold it."""
    if thing.group:
        return fold_group(canvas.workspace, thing.group, thing.group not in canvas.workspace.document.folded)
    if thing.layer and canvas.workspace.document.has(thing.layer):
        return fold_layers(canvas.workspace, [thing.layer], not is_folded(canvas, thing.layer))
    return False


def toggle_selected(canvas: Canvas) -> bool:
    """Fold the group in the focus, else the selected layers; unfold them if they are folded."""
    group, layers = group_meant(canvas), layers_meant(canvas)
    if group:
        return toggle(canvas, Thing(Kind.FOLD, group=group))
    able = [id for id in layers if can_fold(canvas, id)]
    if able:
        folded = not all(is_folded(canvas, id) for id in able)
        return fold_layers(canvas.workspace, [id for id in able if is_folded(canvas, id) != folded], folded)
    said = translate("Canvas", "Select a layer of neurons or a group to fold it.")
    if layers:
        said = translate("Canvas", "This layer is always drawn as a block: there is nothing to fold.")
    canvas.workspace.say(said)
    return False


def fold_layers(workspace: Workspace, layers: list[str], folded: bool) -> bool:
    """Layers as blocks, or by their neurons again."""
    text = translate("Canvas", "Fold layers") if folded else translate("Canvas", "Unfold layers")
    if len(layers) == 1:
        text = translate("Canvas", "Fold {layer}") if folded else translate("Canvas", "Unfold {layer}")
        text = text.format(layer=layer_title(workspace.document, layers[0]))
    return workspace.editing.attempt(text, folds.fold_layers, layers=layers, folded=folded)


def fold_group(workspace: Workspace, path: str, folded: bool) -> bool:
    """A group as one node, or by its layers again."""
    text = translate("Canvas", "Fold {layer}") if folded else translate("Canvas", "Unfold {layer}")
    text = text.format(layer=grouping.title_of(path))
    return workspace.editing.attempt(text, folds.fold_group, path=path, folded=folded)


def fold_all(canvas: Canvas, folded: bool) -> bool:
    """All outermost groups as nodes; or all groups and layers unfolded."""
    document = canvas.workspace.document
    outermost = [path for path in grouping.groups(document) if "/" not in path]
    if folded and not outermost:
        canvas.workspace.say(
            translate("Canvas", "There is no group to fold: select layers and press Ctrl+G.")
        )
        return False

    def done(document: Document) -> Document:
        for path in outermost if folded else sorted(document.folded):
            document = folds.fold_group(document, path=path, folded=folded)
        if not folded:
            ids = [each.id for each in document.layers if each.folded]
            document = folds.fold_layers(document, layers=ids, folded=False)
        return document

    text = translate("Canvas", "Fold all groups") if folded else translate("Canvas", "Unfold everything")
    return canvas.workspace.editing.attempt(text, done)


def can_fold(canvas: Canvas, layer: str) -> bool:
    """Whether a layer can be drawn both ways."""
    place = canvas.network.geometry.places.get(layer)
    return place is not None and (place.drawn.foldable or place.layer.folded)


def is_folded(canvas: Canvas, layer: str) -> bool:
    """Whether a layer is folded to a block."""
    document = canvas.workspace.document
    return document.has(layer) and document.layer(layer).folded


# -------------------------------------------------------------------- what is meant


def group_meant(canvas: Canvas) -> str:
    """The group in the focus; else the group that is selected as a whole; empty if there is none."""
    focus = canvas.focus_thing
    if focus.kind is Kind.GROUP:
        return focus.group
    selection, document = canvas.workspace.selection, canvas.workspace.document
    chosen = selection.layers
    if len(chosen) < 2 or len(selection) != len(chosen):
        return ""
    return next(
        (path for path in grouping.groups(document) if grouping.members(document, path) == chosen), ""
    )


def layers_meant(canvas: Canvas) -> list[str]:
    """The selected layers, those of selected neurons included; else the one in the focus."""
    selection = canvas.workspace.selection
    found = selection.layers | {layer for layer, _ in selection.units}
    if not found and canvas.focus_thing.layer:
        found = frozenset({canvas.focus_thing.layer})
    return [each.id for each in canvas.workspace.document.layers if each.id in found]


# -------------------------------------------------------------------- grouping


def group_selected(canvas: Canvas) -> bool:
    """The selected layers become a group."""
    layers = layers_meant(canvas)
    if canvas.focus_thing.kind is Kind.GROUP and not layers:
        layers = sorted(grouping.members(canvas.workspace.document, canvas.focus_thing.group))
    if not layers:
        canvas.workspace.say(translate("Canvas", "Select the layers that are to be a group."))
        return False
    return group_layers(canvas, layers)


def group_layers(canvas: Canvas, layers: list[str]) -> bool:
    """Layers become a group; its name is asked for in place, as part of the same edit."""
    workspace = canvas.workspace
    around = grouping.group_of(workspace.document, layers)
    name = grouping.fresh_name(workspace.document, translate("Canvas", "Group"), around)
    path = grouping.joined(around, name)
    workspace.editing.end_merge()
    made = _edit(
        workspace,
        translate("Canvas", "Group layers"),
        f"group {path}",
        lambda document: grouping.group_layers(document, layers=layers, name=name),
    )
    if made:
        canvas.edit(Thing(Kind.GROUP, group=path))
    return made


def ungroup_selected(canvas: Canvas) -> bool:
    """The group in the focus, or the groups that are selected, are dissolved."""
    group, layers = group_meant(canvas), layers_meant(canvas)
    if group:
        return ungroup(canvas.workspace, group)
    if not layers:
        canvas.workspace.say(translate("Canvas", "Select a group to dissolve it."))
        return False
    return ungroup_layers(canvas.workspace, layers)


def ungroup_layers(workspace: Workspace, layers: list[str]) -> bool:
    """The groups that these layers are, or else these layers out of theirs."""
    text = translate("Canvas", "Ungroup layers")
    return workspace.editing.attempt(text, grouping.ungroup_layers, layers=layers)


def ungroup(workspace: Workspace, path: str) -> bool:
    """A group is dissolved; its layers stay."""
    text = translate("Canvas", "Ungroup {layer}").format(layer=grouping.title_of(path))
    return workspace.editing.attempt(text, grouping.ungroup, path=path)


def rename(workspace: Workspace, path: str, name: str) -> bool:
    """Another name for a group; right after it was made that is one edit with the making."""
    text = translate("Canvas", "Rename {layer}").format(layer=grouping.title_of(path))
    return _edit(
        workspace,
        text,
        f"group {path}",
        lambda document: grouping.rename_group(document, path=path, name=name),
    )


def _edit(workspace: Workspace, text: str, merge: str, edit: Callable[[Document], Document]) -> bool:
    try:
        workspace.editing.edit(text, edit(workspace.document), merge=merge)
    except AxonError as error:
        workspace.say(str(error))
        return False
    return True


# -------------------------------------------------------------------- the mouse


def double_clicked(canvas: Canvas, thing: Thing, mouse: QPointF) -> bool:
    """A double click opens what is folded; on a title it edits the name. Whether there was anything to do."""
    document = canvas.workspace.document
    if thing.kind is Kind.FOLD:
        return True  # each of its clicks has done something
    if thing.kind is Kind.GROUP and thing.group in document.folded:
        place = canvas.network.geometry.folds.get(thing.group)
        if place is not None and not place.caption.contains(mouse):
            return fold_group(canvas.workspace, thing.group, False)
    if thing.kind is Kind.FRAME and is_folded(canvas, thing.layer):
        return fold_layers(canvas.workspace, [thing.layer], False)
    return False
