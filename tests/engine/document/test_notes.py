"""Notes: written, moved, removed, attached to what may go, and text that cannot be shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.problems import DocumentError
from engine.document import Document, edits
from engine.document.difference import difference
from engine.document.notes import (
    MOST_NOTES,
    MOST_TEXT,
    add_note,
    move_notes,
    note,
    note_on,
    remove_notes,
    size_note,
    write_note,
)
from engine.samples import mlp

START = mlp(2, 3, 1)


def refused(edit: Callable[..., Document], *args: object, **details: object) -> str:
    with pytest.raises(DocumentError) as caught:
        edit(*args, **details)
    assert str(caught.value).endswith(".")
    return str(caught.value)


def test_a_note_is_written_moved_and_removed() -> None:
    document = add_note(START, text=" Look:\r\nthe weights ", x=10.0, y=-5.0)
    made = document.notes[0]
    assert (made.id, made.text, made.x, made.y) == ("note1", "Look:\nthe weights", 10.0, -5.0)
    assert difference(START, document).only_looks and difference(START, document).chosen == ("notes",)
    document = move_notes(document, places={"note1": (1.0, 2.0), "note7": (3.0, 4.0)})
    document = size_note(document, id="note1", width=5.0)
    assert (note(document, "note1").x, note(document, "note1").width) == (1.0, 60.0)
    document = write_note(document, id="note1", text="Other")
    assert note(document, "note1").text == "Other"
    assert write_note(document, id="note1", text=" \n ").notes == ()
    assert remove_notes(document, ids=["note1"]).notes == ()
    assert "no longer" in refused(write_note, START, id="note1", text="x")


def test_notes_on_layers_and_units_go_with_them() -> None:
    document = add_note(START, text="the layer", layer="hidden")
    document = add_note(document, text="the unit", layer="hidden", unit=1)
    document = add_note(document, text="free", x=3.0)
    assert [each.id for each in document.notes] == ["note1", "note2", "note3"]
    found = note_on(document, "hidden", 1)
    assert found is not None and found.text == "the unit"
    fewer = edits.remove_units(document, layer="hidden", keys=[1])
    assert [each.text for each in fewer.notes] == ["the layer", "free"]
    gone = edits.remove_layer(document, layer="hidden")
    assert [each.text for each in gone.notes] == ["free"]
    assert "already" in refused(add_note, document, text="again", layer="hidden")
    assert "no unit" in refused(add_note, document, text="x", layer="hidden", unit=7)
    assert "no layer" in refused(add_note, document, text="x", layer="ghost")


def test_text_that_cannot_be_kept() -> None:
    assert "text" in refused(add_note, START, text="\x00 \u202e")
    assert "shorten" in refused(add_note, START, text="x" * (MOST_TEXT + 1))
    document = add_note(START, text="a\x07b\tc\u2028d\u202ee\ud800")
    assert document.notes[0].text == "ab c\nde"
    for _ in range(MOST_NOTES - 1):
        document = add_note(document, text="x")
    assert "at most" in refused(add_note, document, text="one more")
