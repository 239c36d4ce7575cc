"""Notes, groups and what is folded: saved and opened again, from files of today and of version 1."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.core.problems import FileError
from engine.document.folding import fold_group, fold_layers
from engine.document.grouping import group_layers
from engine.document.notes import MOST_TEXT, add_note
from engine.files import Project, from_text, open_project, save_project, to_text
from engine.samples import mlp

OLD = Path(__file__).parent / "old" / "version1.json"


def looks() -> Project:
    document = mlp(2, 3, 3, 1)
    document = group_layers(document, layers=["hidden", "hidden2"], name="Body")
    document = group_layers(document, layers=["hidden2"], name="Block 1")
    document = fold_layers(fold_group(document, path="Body/Block 1"), layers=["output"])
    document = add_note(document, text="Watch “this”:\nδ ← 网络", x=-3.5, y=1e-3, width=90.0)
    document = add_note(document, text="saturated", layer="hidden", unit=2)
    return Project.new(document)


@pytest.mark.parametrize("suffix", [".axon", ".json"])
def test_they_come_back(tmp_path: Path, suffix: str) -> None:
    project = looks()
    save_project(project, tmp_path / f"a{suffix}")
    opened = open_project(tmp_path / f"a{suffix}")
    assert opened.document == project.document
    assert opened.learned.same_bits(project.learned)


def test_only_what_there_is_stands_in_the_file() -> None:
    plain = json.loads(to_text(Project.new(mlp(2, 3, 1))))
    assert plain["version"] == 3
    assert "notes" not in plain and "folded" not in plain and "folded" not in plain["layers"][1]


def test_a_fold_of_a_group_that_is_gone_is_not_saved() -> None:
    project = looks()
    stale = replace(project, document=replace(project.document, folded=frozenset({"Ghost", "Body"})))
    assert from_text(to_text(stale)).document.folded == {"Body"}


def test_a_file_of_version_1_opens() -> None:
    project = open_project(OLD)
    document = project.document
    assert document.name == "Version 1" and document.layer("hidden").group == "Body/Block 1"
    assert document.layer("hidden").frozen and not document.layer("hidden").folded
    assert document.notes == () and document.folded == frozenset()
    connection = document.connection("input", "hidden")
    assert connection is not None and connection.locked == {(1, 1)}
    assert project.learned.step == 3 and len(project.curve) == 3
    kept = json.loads(OLD.read_text("utf-8"))["parameters"]["output.W.hidden"]
    assert np.array_equal(project.learned.parameters["output.W.hidden"], kept)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"notes": [{"text": ""}]}, "notes[0].text"),
        ({"notes": [{"text": "x" * (MOST_TEXT + 1)}]}, "notes[0].text"),
        ({"notes": [{"text": "a\u202eb"}]}, "cannot be shown"),
        ({"notes": [{"text": "a\u0000b"}]}, "cannot be shown"),
        ({"notes": [{"text": "a", "x": 1e10}]}, "notes[0].x"),
        ({"notes": [{"text": "a", "layer": "ghost"}]}, "no layer 'ghost'"),
        ({"notes": [{"text": "a", "layer": "hidden", "unit": 9}]}, "no unit 9"),
        ({"notes": [{"text": "a", "unit": 0}]}, "needs the layer"),
        ({"notes": [{"text": "a", "id": "n"}, {"text": "b", "id": "n"}]}, "two notes called 'n'"),
        ({"notes": [{"text": "a", "layer": "hidden"}, {"text": "b", "layer": "hidden"}]}, "same place"),
        ({"notes": [{"text": "a"}] * 401}, "notes"),
        ({"folded": ["Ghost"]}, "no group"),
        ({"folded": "Ghost"}, "folded"),
    ],
)
def test_what_makes_no_sense_is_refused_with_one_sentence(entry: dict, words: str) -> None:
    with pytest.raises(FileError) as caught:
        from_text(json.dumps({"layers": [2, 3, 1], **entry}), "homework.json")
    said = str(caught.value)
    assert words in said and said.endswith(".") and len(said) <= 200


def test_a_note_by_hand() -> None:
    found = from_text('{"layers": [2, 1], "notes": [{"text": " one \\n two \\n"}, {"text": "b"}]}').document
    assert [(each.id, each.text) for each in found.notes] == [("note1", "one \n two"), ("note2", "b")]
