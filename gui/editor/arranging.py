"""Layers in line, at equal distances, tidied and moved by steps: the menu Arrange and its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF

from engine.document import edits
from engine.document.arrange import Box, Edge, Places, aligned, distributed
from engine.document.tidy import tidied
from gui.editor import commands
from gui.editor.geometry import Geometry, LayerPlace
from gui.selection import Selection

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

Boxes = Mapping[str, Box]

STEP = 10.0
"""How far a key moves, in units of the document."""
OVER = 20.0
"""How far a caption may reach into the room between two columns on either side, at scale 1."""
UNKNOWN = Box(40.0, 40.0, 60.0, 60.0)
"""Of a layer that is not drawn, because its group is folded."""

translate = QCoreApplication.translate


def chosen(selection: Selection) -> frozenset[str]:
    """The layers that are arranged: those selected, and those of selected neurons."""
    return selection.layers | {layer for layer, _ in selection.units}


def align(canvas: Canvas, edge: Edge) -> bool:
    """The chosen layers in line."""
    return _arrange(
        canvas, translate("Canvas", "Align layers"), 2, lambda places, boxes: aligned(places, boxes, edge)
    )


def distribute(canvas: Canvas, *, across: bool) -> bool:
    """Equal gaps between the chosen layers."""
    return _arrange(
        canvas,
        translate("Canvas", "Distribute layers"),
        3,
        lambda places, boxes: distributed(places, boxes, across=across),
    )


def tidy(canvas: Canvas) -> bool:
    """All layers in columns by their depth."""
    workspace = canvas.workspace
    geometry = canvas.network.geometry
    boxes = {each.id: _whole(geometry, each.id) for each in workspace.document.layers}
    return workspace.editing.attempt(
        translate("Canvas", "Tidy the network"),
        lambda document: edits.move_layers(document, places=tidied(document, boxes)),
    )


def move_by(canvas: Canvas, dx: float, dy: float) -> bool:
    """The chosen layers by some steps, without a selection the one in the focus; key after key is one
    undo entry."""
    workspace, focus = canvas.workspace, canvas.focus_thing.layer
    ids = chosen(workspace.selection) or frozenset({focus} if focus else ())
    if not ids:
        workspace.say(translate("Canvas", "Select layers first: these keys move what is selected."))
        return False
    layers = [each for each in workspace.document.layers if each.id in ids]
    places = {each.id: (each.x + dx * STEP, each.y + dy * STEP) for each in layers}
    document = edits.move_layers(workspace.document, places=places)
    text = translate("Canvas", "Move layers")
    workspace.editing.edit(text, document, merge=f"steps {' '.join(sorted(ids))}")
    return True


def _arrange(canvas: Canvas, text: str, least: int, arranged: Callable[[Places, Boxes], Places]) -> bool:
    """The chosen layers to other places, found in units of the scene."""
    workspace = canvas.workspace
    geometry = canvas.network.geometry
    ids = [id for id in chosen(workspace.selection) if id in geometry.places]
    if len(ids) < least:
        said = translate("Canvas", "Select at least {count} layers first (with Shift, or by a rectangle).")
        workspace.say(said.format(count=least))
        return False
    drawn = [geometry.places[id] for id in ids]
    places = {each.id: (each.frame.center().x(), _middle(geometry, each)) for each in drawn}
    boxes = {each.id: _box(each.frame, *places[each.id]) for each in drawn}
    goals = arranged(places, boxes)
    shifts = {id: (goals[id][0] - x, goals[id][1] - y) for id, (x, y) in places.items()}
    ground = commands.ground_of(geometry, ids)
    return workspace.editing.attempt(
        text,
        lambda document: edits.move_layers(document, places=commands.places_moved(document, ground, shifts)),
    )


def _middle(geometry: Geometry, place: LayerPlace) -> float:
    """Where a layer's neurons have their middle."""
    return geometry.to_scene(place.layer.x, place.layer.y).y()


def _box(rect: QRectF, x: float, y: float, across: float = 1.0, down: float = 1.0) -> Box:
    left, right = (x - rect.left()) / across, (rect.right() - x) / across
    return Box(left, right, (y - rect.top()) / down, (rect.bottom() - y) / down)


def _whole(geometry: Geometry, id: str) -> Box:
    """How far a layer reaches with its caption and the names beside it, in units of the document."""
    place = geometry.places.get(id)
    if place is None:
        return UNKNOWN
    sizes = geometry.sizes
    x, y = place.frame.center().x(), _middle(geometry, place)
    rect = QRectF(place.frame)
    if place.is_block:  # a wider one pushes its neighbours aside by itself
        rect.setWidth(min(rect.width(), sizes.block(2)[0]))
        rect.moveCenter(place.frame.center())
    beside = geometry.beside.get(id, 0.0)
    left, right = (beside, 0.0) if place.role == "input" else (0.0, beside)
    caption = QRectF(place.caption)
    caption.setWidth(max(0.0, min(caption.width(), geometry.titles.get(id, 0.0)) - 2 * OVER * sizes.scale))
    caption.moveCenter(place.caption.center())
    rect = rect.adjusted(-left, 0, right, 0).united(caption)
    return replace(_box(rect, x, y, sizes.across, sizes.down), open=not place.is_block)
