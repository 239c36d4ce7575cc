"""A sentence for every mistake in JSON."""

from __future__ import annotations

import json

import pytest

from engine.core.problems import FileError
from engine.files import from_text

SMALL = {"layers": [2, 3, 1]}


def refusal(entry: object) -> str:
    words = entry if isinstance(entry, str) else json.dumps(entry)
    with pytest.raises(FileError) as caught:
        from_text(words, "homework.json")
    found = str(caught.value)
    start = "'homework.json' cannot be opened: "
    assert found.startswith(start)
    assert found.endswith(".")
    assert len(found) <= 200
    return found.removeprefix(start).removesuffix(".")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "table.rows is missing"),
        ({"rows": []}, "the table has no rows"),
        ({"rows": [[]]}, "table: a row needs at least one feature before its targets"),
        ({"rows": [[1]]}, "table: a row needs at least one feature before its targets"),
        ({"rows": [[1, 2], [1]]}, "table must be any x any, but a list has 1 entries, not 2"),
        ({"rows": [1, 2]}, "table must be any x any, but 1 stands where a list must be"),
        ({"rows": [[1, "x"]]}, 'table has "x" where a number must stand'),
        ({"rows": [[1, None]]}, "table has null where a number must stand"),
        ({"rows": [[1, 2, 3]], "features": ["a"]}, "table must be any x 2, but a list has 3 entries, not 2"),
        (
            {"rows": [[1, 2]], "task": "binary"},
            "table: a binary task needs one target that is 0 or 1 in every row",
        ),
        ({"rows": [[1, 1]], "classes": ["a"]}, "table: there must be 2 classes, not 1"),
        ({"rows": [[1, 3]], "classes": ["a"]}, "table: a regression has no classes"),
        (
            {"rows": [[1, 1]], "task": "magic"},
            "table.task: Input should be 'binary', 'classes' or 'regression'",
        ),
    ],
)
def test_wrong_tables(table, words):
    assert refusal({**SMALL, "table": table}) == words


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("", "it is empty"),
        ("  \n", "it is empty"),
        ("hello", "it is not an Axon project"),
        ("[1]", "it must be an object in braces, not a list"),
        ("{}", "layers is missing"),
        (
            '{"layers": [2, 1]',
            "the JSON is broken or cut short in line 1, column 18: expecting ',' delimiter",
        ),
        ('{"layers": [2, 1], "layers": []}', "'layers' stands twice in one object"),
        ('{"layers": [2, 1], "step": NaN}', "NaN is not a number that a project can hold"),
        ('{"layers": [2, 1], "parameters": {"output.b": 1e999}}', None),
        ('{"layers": [2, 1], "name": "\\ud800"}', "it has half a character (a lone surrogate) in a text"),
        (
            {"layers": [2, 1], "format": "zip"},
            "its format is \"zip\", but an Axon project has 'axon-project'",
        ),
        ({"layers": [2, 1], "version": "1"}, 'version must be a whole number from 1 on, not "1"'),
        ({"layers": [2, 1], "version": True}, "version must be a whole number from 1 on, not true"),
        ({"layers": [2, 1], "version": 0}, "version must be a whole number from 1 on, not 0"),
        (
            {"layers": [2, 1], "version": 99},
            "it was made by a newer Axon (file version 99, here up to 3): update Axon",
        ),
        ({"layers": {}}, "layers must be a list in square brackets, not an object"),
        ({"layers": [2, 1], "lyers": 1}, "lyers is not a field of the format (did you mean 'layers'?)"),
        ({"layers": [2, 1], "step": -1}, "step must be at least 0, not -1"),
        ({"layers": [2, 1], "step": 1.5}, "step must be a whole number, not 1.5"),
        ({"layers": [2, 1], "step": 10**400}, "step must be a whole number, not Infinity"),
        ({"layers": [2, 1], "walk": "x", "step": -1, "clock": -1}, None),
        ({"layers": [2, {"units": 0}]}, "layers[1].units must be at least 1, not 0"),
        ({"layers": [2, 10**9]}, "layers[1].units must be at most 4096, not 1000000000"),
        ({"layers": [True, 1]}, "layers[0] must be an object in braces, not true"),
        ({"layers": [2, {"x": "left"}]}, 'layers[1].x must be a number, not "left"'),
        ({"layers": [2, {"id": "a.b"}]}, None),
        ({"layers": [2, {"id": "loss"}]}, "layers[1]: a layer cannot be called 'loss'"),
        ({"layers": [{"id": "a"}, {"id": "a"}]}, "layers[1]: there are two layers called 'a'"),
        (
            {"layers": [2, {"kind": "quantum"}]},
            "layers[1]: This version of Axon has no layer called 'quantum'",
        ),
        ({"layers": [2, {"untis": 3}]}, "layers[1]: Output has no setting called 'untis'"),
        ({"layers": [2, {"cls": 3}]}, "layers[1]: there is no setting called 'cls'"),
        (
            {"layers": [2, {"activation": "quantum"}]},
            "layers[1].activation: This version of Axon has no activation called 'quantum'",
        ),
        (
            {"layers": [2, {"initializer": {"kind": "uniform", "limit": -1}}]},
            "layers[1].initializer: Limit must be between 0 and 1000, not -1",
        ),
        ({"layers": [2, {"keys": [1, 1]}]}, "layers[1].keys: two units have the same key"),
        ({"layers": [2, {"keys": [1], "units": 2}]}, "layers[1]: there are 2 units but 1 keys"),
        ({"layers": [2, 1], "loss": "anger"}, "loss: This version of Axon has no loss called 'anger'"),
        ({"layers": [2, 1], "loss": 3}, None),
        (
            {"layers": [2, 1], "optimizer": "hope"},
            "optimizer: This version of Axon has no optimizer called 'hope'",
        ),
        (
            {"layers": [2, 1], "optimizer": {"kind": "adam", "learning_rate": 10**400}},
            "optimizer: Learning rate must be a number, not inf",
        ),
        ({"layers": [2, 1], "data": "gossip"}, "data: This version of Axon has no data set called 'gossip'"),
        ({"layers": [2, 1], "data": {"kind": "table", "x": 1}}, "data: the own table has no settings"),
        ({"layers": [2, 1], "training": {"batch_size": 0}}, "training.batch_size must be at least 1, not 0"),
        ({"layers": [2, 1], "training": {"sed": 0}}, None),
        ({"layers": [2, 1], "view": [1]}, "view: must be an object in braces"),
        ({"layers": [2, 1], "view": {"x": "y" * 1_100_000}}, "view is too large"),
        ({"layers": [2, 1], "curve": {"values": [1, "x"]}}, 'curve has "x" where a number must stand'),
        ({"layers": [1] * 500}, "layers is too long: at most 400 are allowed"),
        ({"layers": [4096, 4096, 4096, 4096, 1]}, None),
    ],
)
def test_mistakes(entry, words):
    said = refusal(entry)
    assert words is None or said == words


def connected(*pairs: tuple[str, str]) -> dict[str, object]:
    layers = [{"id": "i", "kind": "input"}, {"id": "a", "kind": "dense"}, {"id": "b", "kind": "dense"}]
    layers.append({"id": "o", "kind": "output"})
    return {"layers": layers, "connections": [{"source": one, "target": two} for one, two in pairs]}


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("i", "x")], "connections[0]: there is no layer 'x'"),
        ([("i", "a"), ("i", "a")], "connections[1]: there are two connections from 'i' to 'a'"),
        ([("a", "a")], "connections[0]: the layer 'a' cannot feed itself"),
        ([("a", "i")], "connections[0]: an input takes its numbers from the data, not from 'a'"),
        ([("o", "a")], "connections[0]: the output is the end of the network, so it cannot feed 'a'"),
        (
            [("i", "a"), ("a", "b"), ("b", "a")],
            "The connections form a circle, and a signal would run round it for ever",
        ),
    ],
)
def test_wrong_connections(pairs, words):
    assert refusal(connected(*pairs)) == words


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"hidden.V": 1}, "parameters: there is no 'hidden.V' (there are hidden.W.input, hidden.b"),
        ({"ghost.b": 1}, "parameters: there is no 'ghost.b'"),
        ({"a/b": 1}, "parameters: there is no 'a b'"),
        ({"hidden.W": [[1, 2]]}, "parameters/hidden.W.input must be 3 x 2, but a list has 1 entries, not 3"),
        (
            {"hidden.W": [[1, 2], [3], [4, 5]]},
            "parameters/hidden.W.input must be 3 x 2, but a list has 1 entries",
        ),
        (
            {"hidden.W": [1, 2, 3, 4, 5, 6]},
            "parameters/hidden.W.input must be 3 x 2, but a list has 6 entries",
        ),
        (
            {"hidden.W": [[[1], 2], [3, 4], [4, 5]]},
            "parameters/hidden.W.input must be 3 x 2, but lists are nested",
        ),
        ({"hidden.W": 1}, "parameters/hidden.W.input must be 3 x 2, but 1 stands where a list must be"),
        ({"hidden.b": [1, True, 2]}, "parameters/hidden.b has true where a number must stand"),
        ({"hidden.b": [1, "1/0", 2]}, 'parameters/hidden.b has "1/0" where a number must stand'),
        ({"hidden.b": [1, "__import__('os')", 2]}, "parameters/hidden.b has \"__import__('os')\" where"),
        ({"hidden.b": [1, 10**400, 2]}, "parameters/hidden.b has Infinity where a number must stand"),
        ({"hidden.b": [1, "9" * 400, 2]}, "parameters/hidden.b has"),
        ({"hidden.b": [1, {"a": 1}, 2]}, "parameters/hidden.b has an object where a number must stand"),
        (
            {"hidden.W": [[1, 2]] * 3, "hidden.W.input": [[1, 2]] * 3},
            "parameters: 'hidden.W.input' is given twice",
        ),
        ([1], "parameters: must be an object in braces"),
    ],
)
def test_wrong_weights(parameters, words):
    assert refusal({**SMALL, "parameters": parameters}).startswith(words)


def test_all_problems_are_counted():
    assert (
        refusal({**SMALL, "walk": "x", "step": -1, "clock": -1})
        == "step must be at least 0, not -1 (and 2 more)"
    )


def test_wrong_memory():
    assert refusal({**SMALL, "memory": {"v": {}}}) == "memory: the optimizer keeps no vector 'v'"
    assert refusal({**SMALL, "memory": {"v": 1}}) == "memory.v must be an object in braces"
    assert "there is no 'x'" in refusal({**SMALL, "optimizer": "momentum", "memory": {"v": {"x": 1}}})


def test_depth_and_length():
    assert refusal('{"layers": ' + "[" * 100_000) == "its JSON is nested more than 40 deep"
    assert refusal('{"a":' * 100_000) == "its JSON is nested more than 40 deep"
    assert "nested more" in refusal({**SMALL, "view": json.loads('{"a":' * 60 + "1" + "}" * 60)})
    refusal('{"x' + '\\"' * 500_000)
    refusal('{"x": ' + "9" * 100_000 + "}")
    refusal('"' * 1_000_000)


def test_a_long_name_is_cut():
    with pytest.raises(FileError) as caught:
        from_text("[]", "x" * 500 + "\n.json")
    assert len(str(caught.value)) <= 200
    assert "\n" not in str(caught.value)
