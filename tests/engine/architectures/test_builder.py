"""The builder: what is behind what, where it stands, and which group it belongs to."""

from __future__ import annotations

import pytest

from engine.architectures.base import data_for
from engine.architectures.builder import ACROSS, CLOSE, TITLE, Builder
from engine.core.spec import Spec
from engine.document import Document, Training


def drawn(draw: Builder) -> Document:
    return draw.document(
        "Name", data=Spec("xor"), loss="mse", optimizer=Spec("adam"), training=Training(seed=3)
    )


def wires(document: Document) -> list[str]:
    return [each.id for each in document.connections]


def test_layers_follow_one_another() -> None:
    draw = Builder()
    draw.add("input", 2)
    draw.add("dense", 3, activation=Spec("relu"))
    draw.add("dense", 4)
    draw.add("output", 1, name="Answer")
    document = drawn(draw)
    assert [each.id for each in document.layers] == ["input", "hidden", "hidden2", "output"]
    assert wires(document) == ["input>hidden", "hidden>hidden2", "hidden2>output"]
    assert [each.size for each in document.layers] == [2, 3, 4, 1]
    assert [each.x for each in document.layers] == [0.0, ACROSS, 2 * ACROSS, 3 * ACROSS]
    assert [each.y for each in document.layers] == [0.0] * 4
    assert document.layer("hidden").spec == Spec.of("dense", activation=Spec("relu"))
    assert document.layer("output").name == "Answer"
    assert (document.name, document.loss, document.training.seed) == ("Name", Spec("mse"), 3)


def test_a_branch_meets_the_main_row_again_behind_the_longer_way() -> None:
    draw = Builder()
    start = draw.add("input", 2)
    draw.add("dense", 2, after=start, row=-1)
    branch = draw.add("dense", 2, row=-1)
    draw.add("add", after=(start, branch))
    draw.add("output", 1)
    document = drawn(draw)
    assert wires(document)[-3:] == ["input>add", "hidden2>add", "add>output"]
    assert document.layer("add").x == 3 * ACROSS
    assert document.layer("hidden").y == document.layer("hidden2").y < 0.0
    assert document.layer("add").y == 0.0


def test_what_has_no_input_begins_a_branch_of_its_own() -> None:
    draw = Builder()
    one = draw.add("input", 1)
    two = draw.add("input", 1)
    document = drawn_with_output(draw, (one, two))
    assert wires(document) == ["input>output", "input2>output"]
    assert document.layer(one).x == document.layer(two).x
    assert document.layer(one).y != document.layer(two).y


def test_tall_layers_do_not_overlap() -> None:
    """Twelve neurons of 84 are drawn of a layer of 64, and half of that lies on either side of its row."""
    draw = Builder()
    tall = draw.add("input", 64)
    above = draw.add("input", 3, row=-1)
    below = draw.add("input", 64, row=1)
    document = drawn_with_output(draw, (tall, above, below))
    y = {each.id: each.y for each in document.layers}
    assert y[tall] == 0.0
    assert -y[above] > (12 + 3) * 84 / 2
    assert y[below] > 12 * 84


def drawn_with_output(draw: Builder, after: tuple[str, ...]) -> Document:
    draw.add("output", 1, after=after)
    return drawn(draw)


def test_groups_are_nested_and_end() -> None:
    draw = Builder()
    draw.add("input", 2)
    with draw.group("Encoder"):
        draw.add("dense", 2)
        with draw.group("Block 1"):
            draw.add("dense", 2)
        draw.add("dense", 2)
    draw.add("output", 1)
    assert [each.group for each in drawn(draw).layers] == ["", "Encoder", "Encoder/Block 1", "Encoder", ""]


def test_a_group_ends_even_if_something_goes_wrong_in_it() -> None:
    draw = Builder()
    draw.add("input", 2)
    with pytest.raises(RuntimeError), draw.group("Encoder"):
        raise RuntimeError
    draw.add("output", 1)
    assert drawn(draw).layer("output").group == ""


def test_an_input_takes_the_shape_of_the_data_or_a_vector() -> None:
    digits = data_for(Spec("digits"))
    for flat, spec in ((False, Spec.of("input", shape="1×8×8")), (True, Spec("input"))):
        draw = Builder()
        draw.input(digits, name="Picture", flat=flat)
        (layer,) = drawn(draw).layers
        assert (layer.spec, layer.size, layer.name) == (spec, 64, "Picture")
    draw = Builder()
    draw.input(data_for(Spec("iris")))
    assert drawn(draw).layer("input").spec == Spec("input")


@pytest.mark.parametrize(("hidden", "across"), [(10, ACROSS), (11, CLOSE)])
def test_a_long_chain_stands_closer_together(hidden: int, across: float) -> None:
    """Of more than 12 columns; no frame and no caption would be read if it were drawn any smaller."""
    draw = Builder()
    draw.add("input", 2)
    for _ in range(hidden):
        draw.add("dense", 2)
    draw.add("output", 1)
    assert [each.x for each in drawn(draw).layers] == [across * column for column in range(hidden + 2)]


def test_rows_that_do_not_follow_one_another_stand_apart() -> None:
    """Room for the title of a frame: as much more as ``TITLE`` says, above as below."""
    gaps = []
    for rows in ((1, 2), (2, 3), (-1, -2), (-2, -3), (2, 4)):
        draw = Builder()
        ends = [draw.add("input", 1), *(draw.add("input", 1, row=row) for row in rows)]
        document = drawn_with_output(draw, tuple(ends))
        near, far = (document.layer(each).y for each in ends[1:])
        gaps.append((abs(near), abs(far - near)))
    usual = gaps[0][0]
    assert gaps[0] == gaps[2] == (usual, usual)
    assert gaps[1] == gaps[3] == (usual + TITLE, usual)
    assert gaps[4] == (usual + TITLE, usual + TITLE)
