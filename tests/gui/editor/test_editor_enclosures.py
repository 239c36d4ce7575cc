"""Frames around groups of layers: where they stand, what is left out, and that they move as one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF

from engine.architectures import architectures
from engine.document import Document, edits
from engine.samples import mlp
from gui.editor.canvas import Canvas
from gui.editor.enclosures import enclosures, members
from gui.editor.geometry import Geometry
from gui.editor.marks import Kind
from gui.editor.sizes import Sizes
from gui.selection import Selection


def grouped(**groups: str) -> Document:
    """2-3-3-1 with layers in groups."""
    document = mlp(2, 3, 3, 1)
    layers = tuple(replace(each, group=groups.get(each.id, "")) for each in document.layers)
    return replace(document, layers=layers)


def frames(document: Document, captions: float = 1.0, titles: float = 1.0) -> dict:
    found = enclosures(Geometry(document, Sizes()), captions, titles)
    return {each.path: each for each in found}


def two() -> Document:
    return grouped(hidden="Body/First", hidden2="Body/Second")


def test_without_groups_there_are_none() -> None:
    assert frames(mlp(2, 3, 1)) == {}


def test_a_frame_surrounds_its_layers_and_captions_only() -> None:
    document = grouped(hidden="Body", hidden2="Body")
    places = Geometry(document, Sizes()).places
    rect = frames(document)["Body"].rect
    for id, place in places.items():
        inside = id in {"hidden", "hidden2"}
        assert rect.contains(place.frame) is inside
        assert rect.intersects(place.frame) is inside
    assert rect.top() < places["hidden"].caption.top()


def test_groups_within_a_group_stand_one_inside_the_other() -> None:
    found = frames(two())
    assert list(found) == ["Body", "Body/First", "Body/Second"], "outer ones first"
    outer, first, second = found.values()
    assert outer.rect.contains(first.rect) and outer.rect.contains(second.rect)
    assert not first.rect.intersects(second.rect)
    assert not outer.strip.intersects(first.strip), "one can take hold of either title"
    assert (outer.title, first.title) == ("Body", "First")
    assert members(two(), "Body") == {"hidden", "hidden2"}
    assert members(two(), "Body/First") == {"hidden"}


def test_a_frame_leaves_out_what_does_not_belong_there() -> None:
    document = grouped(input="Ends", output="Ends", hidden="Body")
    geometry = Geometry(document, Sizes())
    ends = [each for each in enclosures(geometry) if each.path == "Ends"]
    assert [each.layers for each in ends] == [{"input", "output"}] * 2, "two frames, each with the title"
    for each, id in zip(ends, ("input", "output"), strict=True):
        inside = [other for other, place in geometry.places.items() if each.rect.contains(place.frame)]
        assert inside == [id] and not each.strip.isEmpty()


def test_an_outline_goes_round_a_layer_in_a_corner() -> None:
    document = grouped(input="Body", hidden="Body", hidden2="Body")
    moved = {
        "hidden2": (440.0, 0.0),
        "output": (440.0, 300.0),
        "input": (0.0, 150.0),
        "hidden": (220.0, 150.0),
    }
    document = edits.move_layers(edits.set_units(document, layer="hidden", units=8), places=moved)
    geometry = Geometry(document, Sizes())
    (found,) = enclosures(geometry)
    assert len(found.rects) > 1, "one outline of several parts"
    assert not any(rect.intersects(geometry.places["output"].frame) for rect in found.rects)
    for id in ("input", "hidden", "hidden2"):
        assert any(rect.contains(geometry.places[id].frame) for rect in found.rects)


def test_a_title_stands_below_where_there_is_no_room_above() -> None:
    document = grouped(input="A", hidden="B")
    document = edits.move_layers(document, places={"input": (0.0, 0.0), "hidden": (0.0, 270.0)})
    found = frames(document)
    assert len(found) == 2 and not found["A"].rect.intersects(found["B"].rect)
    assert found["B"].strip.center().y() > found["B"].rect.center().y()


def test_names_that_begin_alike_are_other_groups() -> None:
    document = grouped(hidden="Block 1", hidden2="Block 10")
    assert members(document, "Block 1") == {"hidden"}
    assert frames(document).keys() == {"Block 1", "Block 10"}


@pytest.mark.parametrize("growths", [(1.0, 1.0), (1.7, 1.7), (2.4, 4.0)])
@pytest.mark.parametrize("kind", [cls.kind for cls in architectures])
def test_no_frame_of_a_ready_made_network_lies_over_another_layer(
    kind: str, growths: tuple[float, float]
) -> None:
    document = architectures.make(kind).document()
    places = Geometry(document, Sizes()).places
    found = enclosures(Geometry(document, Sizes()), *growths)
    for each in found:
        outside = [place for id, place in places.items() if id not in each.layers]
        assert not any(rect.intersects(place.frame) for rect in each.rects for place in outside)
        parts = [rect for other in found if other.path == each.path for rect in other.rects]
        assert all(any(rect.contains(places[id].frame) for rect in parts) for id in each.layers)


@pytest.fixture
def canvas(open_canvas) -> Canvas:
    return open_canvas(two())


def title(canvas: Canvas, path: str) -> QPointF:
    item = next(each for each in canvas.network.enclosures.items if each.enclosure.path == path)
    return item.title_rect.center()


def test_a_click_on_the_title_selects_the_layers(canvas, hand_of) -> None:
    hand = hand_of(canvas)
    assert canvas.thing_at(title(canvas, "Body")).kind is Kind.GROUP
    hand.click(title(canvas, "Body"))
    assert canvas.workspace.selection == Selection(layers=frozenset({"hidden", "hidden2"}))
    hand.click(title(canvas, "Body/Second"))
    assert canvas.workspace.selection == Selection(layers=frozenset({"hidden2"}))


def test_dragging_the_title_moves_its_layers_as_one_edit(canvas, hand_of) -> None:
    hand, workspace = hand_of(canvas), canvas.workspace
    before = {each.id: (each.x, each.y) for each in workspace.document.layers}
    start = title(canvas, "Body")
    rect = canvas.network.enclosures.rect_of("Body")
    hand.drag(start, start + QPointF(0, 140))
    after = {each.id: (each.x, each.y) for each in workspace.document.layers}
    assert after["input"] == before["input"] and after["output"] == before["output"]
    ways = {(after[id][0] - before[id][0], after[id][1] - before[id][1]) for id in ("hidden", "hidden2")}
    assert len(ways) == 1
    assert ways.pop()[1] == pytest.approx(140, abs=10)
    moved = canvas.network.enclosures.rect_of("Body")
    assert moved.top() == pytest.approx(rect.top() + 140, abs=15)
    assert workspace.editing.undo_stack.undoText() == "Move Body"
    assert workspace.editing.undo_stack.count() == 1
    workspace.editing.undo()
    assert {each.id: (each.x, each.y) for each in workspace.document.layers} == before


def test_it_follows_when_one_layer_is_moved(canvas, hand_of) -> None:
    hand = hand_of(canvas)
    caption = canvas.network.geometry.places["hidden"].caption.center()
    hand.drag(caption, caption + QPointF(0, -90))
    place = canvas.network.geometry.places["hidden"]
    for path in ("Body", "Body/First"):
        assert canvas.network.enclosures.rect_of(path).contains(place.frame)


def test_fitting_shows_the_frames_whole(canvas) -> None:
    canvas.resize(500, 420)
    canvas.fit()
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert all(seen.contains(each.enclosure.rect) for each in canvas.network.enclosures.items)


def test_double_click_and_menu_on_a_title_do_no_harm(canvas, hand_of) -> None:
    hand_of(canvas).double(title(canvas, "Body"))
    assert canvas.workspace.document == two()
