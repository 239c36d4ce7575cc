"""``info`` and ``schema``."""

from __future__ import annotations

import json


def test_info(lecture, said, answer):
    found = answer("info", lecture)
    assert (found["L"], found["counted"], found["parameters"]) == (2, "L = 2 (1 hidden + 1 output)", 17)
    assert [layer["label"] for layer in found["layers"]] == ["[0]", "[1]", "[2]"]
    assert [layer["parameters"] for layer in found["layers"]] == [0, 12, 5]
    assert found["data"]["task"] == "binary"
    assert (found["data"]["features"], found["data"]["examples"]) == (2, 1)
    assert (found["updates"], found["epochs"], found["last_loss"], found["problems"]) == (0, 0, None, [])
    words = said("info", lecture)
    assert "L = 2 (1 hidden + 1 output), 17 weights and biases" in words
    assert "Own table: 2 features, 1 example, binary" in words


def test_info_of_a_network_under_construction(tmp_path, answer, said):
    path = tmp_path / "a.json"
    for entry, problem in (
        ({"layers": []}, "no output"),
        ({"layers": [3, 1]}, "The data has 2 features but the input has 3 units"),
        ({"layers": [2, 1], "data": "table"}, "no data of its own"),
        (
            {"layers": [2, 3, 1], "connections": [{"source": "input", "target": "output"}]},
            "'hidden' takes no part",
        ),
    ):
        path.write_text(json.dumps(entry))
        assert any(problem in each for each in answer("info", path)["problems"])
        assert problem in said("info", path)


def test_four_layers_are_counted_without_the_input(tmp_path, said):
    path = tmp_path / "a.json"
    path.write_text('{"layers": [2, 3, 3, 3, 1]}')
    assert "L = 4 (3 hidden + 1 output)" in said("info", path)


def test_schema(said):
    found = json.loads(said("schema"))
    assert found["title"] == "Axon project"
    assert found["required"] == ["layers"]
