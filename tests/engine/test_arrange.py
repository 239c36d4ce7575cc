"""Places: in line, at equal distances, free of others, and tidied."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer, edits
from engine.document.arrange import Box, Edge, aligned, distributed, free_shift
from engine.document.tidy import tidied
from engine.samples import mlp

BOX = Box(40.0, 40.0, 60.0, 80.0, open=True)
TALL = Box(60.0, 60.0, 200.0, 200.0)
PLACES = {"a": (0.0, 0.0), "b": (200.0, 30.0), "c": (500.0, -50.0)}
BOXES = {"a": BOX, "b": TALL, "c": BOX}


@pytest.mark.parametrize(
    ("edge", "expected"),
    [
        (Edge.LEFT, {"a": (0.0, 0.0), "b": (20.0, 30.0), "c": (0.0, -50.0)}),
        (Edge.RIGHT, {"a": (500.0, 0.0), "b": (480.0, 30.0), "c": (500.0, -50.0)}),
        (Edge.TOP, {"a": (0.0, -110.0), "b": (200.0, 30.0), "c": (500.0, -110.0)}),
        (Edge.BOTTOM, {"a": (0.0, 150.0), "b": (200.0, 30.0), "c": (500.0, 150.0)}),
        (Edge.MIDDLE, {"a": (0.0, -20 / 3), "b": (200.0, -20 / 3), "c": (500.0, -20 / 3)}),
        (Edge.CENTRE, {"a": (700 / 3, 0.0), "b": (700 / 3, 30.0), "c": (700 / 3, -50.0)}),
    ],
)
def test_aligned(edge: Edge, expected: dict[str, tuple[float, float]]) -> None:
    found = aligned(PLACES, BOXES, edge)
    assert found == {id: pytest.approx(place) for id, place in expected.items()}
    again = aligned(found, BOXES, edge)
    assert again == {id: pytest.approx(place) for id, place in found.items()}


def test_distributed_makes_equal_gaps_and_leaves_the_outermost() -> None:
    found = distributed(PLACES, BOXES, across=True)
    assert found["a"] == (0.0, 0.0) and found["c"] == (500.0, -50.0)
    assert found["b"] == pytest.approx((250.0, 30.0))
    gaps = found["b"][0] - 60 - 40, 460 - (found["b"][0] + 60)
    assert gaps[0] == pytest.approx(gaps[1])
    assert distributed(found, BOXES, across=True) == found


def test_distributed_where_they_overlap_makes_equal_steps() -> None:
    places = {"a": (0.0, 0.0), "b": (5.0, 10.0), "c": (9.0, 100.0)}
    found = distributed(places, BOXES, across=False)
    assert found["b"] == (5.0, 50.0)


def test_two_layers_are_distributed_already() -> None:
    two = {"a": (0.0, 0.0), "b": (9.0, 9.0)}
    assert distributed(two, BOXES, across=True) == two


def test_free_shift_goes_down_to_where_there_is_room() -> None:
    here = [(0.0, 0.0, 100.0, 100.0), (0.0, 130.0, 100.0, 200.0)]
    assert free_shift(here, [(300.0, 0.0, 400.0, 100.0)], 10.0) == (0.0, 0.0)
    dx, dy = free_shift(here, [(50.0, 0.0, 150.0, 100.0)], 10.0)
    assert (dx, dy) == (0.0, 210.0)
    assert free_shift([], [(0.0, 0.0, 1.0, 1.0)], 10.0) == (0.0, 0.0)


# -------------------------------------------------------------------- tidy


def network(*wires: tuple[str, str], order: str = "") -> Document:
    ids = order.split() or list(dict.fromkeys(id for wire in wires for id in wire))
    made = tuple(Layer(id, Spec("dense"), x=7.0 * n, y=-3.0 * n) for n, id in enumerate(ids))
    return Document(layers=made, connections=tuple(Connection(*wire) for wire in wires))


def tidy(document: Document, boxes: dict[str, Box] | None = None) -> Document:
    boxes = boxes or dict.fromkeys((each.id for each in document.layers), BOX)
    return edits.move_layers(document, places=tidied(document, boxes))


def place(document: Document, id: str) -> tuple[float, float]:
    return document.layer(id).x, document.layer(id).y


def test_a_chain_is_one_row_with_even_steps_and_the_first_layer_stays() -> None:
    found = tidy(edits.move_layers(mlp(2, 3, 4, 1), places={"input": (33.0, 44.0)}))
    xs = [each.x for each in found.layers]
    assert {each.y for each in found.layers} == {44.0}
    assert xs[0] == 33.0
    assert len({b - a for a, b in pairwise(xs)}) == 1


def test_a_skip_connection_runs_straight_past_what_it_skips() -> None:
    found = tidy(network(("x", "a"), ("a", "b"), ("b", "sum"), ("a", "sum"), ("sum", "y")))
    line = place(found, "a")[1]
    assert place(found, "sum")[1] == pytest.approx(line, abs=1.0)
    assert place(found, "y")[1] == pytest.approx(line, abs=2.0)
    middle = place(found, "b")[1]
    assert middle + BOX.down < line - 10 or middle - BOX.up > line + 10


def test_the_users_order_stays_where_it_crosses_nothing() -> None:
    document = network(("x", "a"), ("x", "b"), ("a", "y"), ("b", "y"))
    for above, below in (("a", "b"), ("b", "a")):
        moved = edits.move_layers(document, places={above: (0.0, -10.0), below: (0.0, 10.0)})
        found = tidy(moved)
        assert place(found, above)[1] < place(found, below)[1]


def test_crossings_are_undone() -> None:
    document = network(("p", "a"), ("q", "b"), order="p q b a")
    moved = edits.move_layers(document, places={"p": (0, 0), "q": (0, 200), "b": (100, 0), "a": (100, 200)})
    found = tidy(moved)
    assert (place(found, "p")[1] < place(found, "q")[1]) == (place(found, "a")[1] < place(found, "b")[1])


def test_what_nothing_feeds_stands_before_what_it_feeds() -> None:
    found = tidy(network(("x", "a"), ("a", "b"), ("b", "c"), ("time", "c")))
    assert place(found, "time")[0] == place(found, "b")[0]


def test_layers_without_a_connection_stand_below() -> None:
    document = edits.add_layer(mlp(2, 3, 1), spec=Spec("dense"), id="alone", x=400.0, y=-900.0)
    found = tidy(document)
    assert place(found, "alone")[1] > max(place(found, id)[1] for id in ("input", "hidden", "output"))


def test_groups_stay_together() -> None:
    document = network(("x", "a"), ("x", "b"), ("x", "c"), ("a", "y"), ("b", "y"), ("c", "y"))
    for id in ("a", "c"):
        document = edits.set_layer(document, layer=id, group="Pair")
    found = tidy(document)
    heights = sorted((place(found, id)[1], id) for id in "abc")
    assert heights[1][1] != "b"


def test_a_circle_is_refused_and_nothing_is_empty() -> None:
    with pytest.raises(DocumentError, match="circle"):
        tidy(network(("a", "b"), ("b", "a")))
    assert tidied(Document(), {}) == {}


@settings(max_examples=80, deadline=None)
@given(draw=st.data())
def test_any_network_is_tidy_after_one_time_and_nothing_overlaps(draw: st.DataObject) -> None:
    count = draw.draw(st.integers(1, 9))
    ids = [f"n{number}" for number in range(count)]
    wires = [pair for pair in combinations(ids, 2) if draw.draw(st.booleans())]
    made = tuple(
        Layer(
            id,
            Spec("dense"),
            x=draw.draw(st.floats(-500, 500)),
            y=draw.draw(st.floats(-500, 500)),
            group=draw.draw(st.sampled_from(["", "", "One", "Two/Inner"])),
        )
        for id in ids
    )
    document = Document(layers=made, connections=tuple(Connection(*wire) for wire in wires))
    boxes = {id: draw.draw(st.sampled_from([BOX, TALL])) for id in ids}
    once = tidy(document, boxes)
    assert tidy(once, boxes).layers == once.layers
    for one, two in combinations(once.layers, 2):
        a, b = boxes[one.id], boxes[two.id]
        apart = (
            one.x + a.right <= two.x - b.left
            or two.x + b.right <= one.x - a.left
            or one.y + a.down <= two.y - b.up
            or two.y + b.down <= one.y - a.up
        )
        assert apart, (one, two)
    for wire in once.connections:
        assert once.layer(wire.source).x < once.layer(wire.target).x
