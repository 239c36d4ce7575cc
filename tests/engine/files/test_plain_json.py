"""Hand-written JSON: short forms, defaults, fractions, own data, and the examples of the documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from engine.core.problems import FileError
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets.base import Task
from engine.files import Project, from_bytes, from_text, open_project
from engine.files.schema import ProjectEntry
from engine.layers import layers
from engine.learned import fresh
from engine.optimizers import optimizers

SMALL = {"layers": [2, 3, 1]}


def opened(**entry: object) -> Project:
    return from_text(json.dumps({**SMALL, **entry}), "homework.json")


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


# -------------------------------------------------------------------- short forms and defaults


def test_the_shortest_file():
    project = from_text('{"layers": [2, 3, 1]}', "mine.json")
    document = project.document
    assert [(each.id, each.spec.kind, each.size) for each in document.layers] == [
        ("input", "input", 2),
        ("hidden", "dense", 3),
        ("output", "output", 1),
    ]
    assert [each.id for each in document.connections] == ["input>hidden", "hidden>output"]
    assert (document.name, document.data, document.loss) == ("mine", Spec("xor"), Spec("bce"))
    assert [(each.x, each.y) for each in document.layers] == [(0, 0), (220, 0), (440, 0)]
    assert project.learned.same_bits(fresh(document))


def test_ids_are_found():
    project = from_text(json.dumps({"layers": [2, 3, {"id": "hidden2"}, 4, {"name": "last"}]}))
    assert [each.id for each in project.document.layers] == [
        "input",
        "hidden",
        "hidden2",
        "hidden3",
        "output",
    ]


def test_drawn_weights_depend_on_the_seed():
    one, two = opened(training={"seed": 1}), opened(training={"seed": 2})
    assert one.learned.same_bits(opened().learned)
    assert not np.array_equal(
        one.learned.parameters["hidden.W.input"], two.learned.parameters["hidden.W.input"]
    )


def test_weights_in_all_short_forms():
    project = opened(
        parameters={
            "hidden.W": [[1, "1/3"], ["-2/3", "−0.25"], [1e-3, " 2 / 4 "]],
            "hidden.b": [1, 2, "3"],
            "output.W.hidden": [1, 2, 3],
            "output.b": "1/8",
        }
    )
    found = project.learned.parameters
    assert np.array_equal(found["hidden.W.input"], [[1, 1 / 3], [-2 / 3, -0.25], [1e-3, 0.5]])
    assert np.array_equal(found["hidden.b"], [[1], [2], [3]])
    assert np.array_equal(found["output.W.hidden"], [[1, 2, 3]])
    assert np.array_equal(found["output.b"], [[0.125]])
    assert project.learned.initial is project.learned.parameters


def test_weights_may_be_given_in_part():
    project = opened(parameters={"hidden.b": [1, 2, 3]})
    drawn = fresh(project.document).parameters
    assert project.learned.parameters["hidden.b"].tolist() == [[1], [2], [3]]
    assert np.array_equal(project.learned.parameters["output.W.hidden"], drawn["output.W.hidden"])


def test_first_values_may_differ():
    project = opened(parameters={"output.b": 1}, initial={"output.b": 0.5}, step=3)
    assert project.learned.initial["output.b"].item() == 0.5
    assert project.learned.initial["hidden.b"] is not None
    assert (project.learned.step, project.learned.clock) == (3, 3)


def test_memory_of_the_optimizer():
    project = opened(optimizer="momentum", memory={"v": {"hidden.b": [1, 2, 3]}})
    assert project.learned.memory["v"]["hidden.b"].tolist() == [[1], [2], [3]]
    assert not project.learned.memory["v"]["output.b"].any()


def test_several_inputs():
    connections = [
        {"source": "input", "target": "hidden"},
        {"source": "hidden", "target": "output"},
        {"source": "input", "target": "output", "cut": [[0, 1]], "locked": [[0, 0]]},
    ]
    project = opened(connections=connections, parameters={"output.W.input": [7, 8], "output.b": 1})
    assert project.learned.parameters["output.W.input"].tolist() == [[7, 8]]
    assert project.document.connection("input", "output").cut == {(0, 1)}
    said = refusal({**SMALL, "connections": connections, "parameters": {"output.W": [1, 2, 3]}})
    assert said == "'output.W' has 2 inputs: write output.W.hidden and so on"


def test_layers_beside_each_other_get_places():
    entry = {
        "layers": [1, {"id": "a", "units": 1}, {"id": "b", "kind": "dense"}, {"x": 7.5, "y": -1}],
        "connections": [
            {"source": "input", "target": "a"},
            {"source": "input", "target": "b"},
            {"source": "a", "target": "output"},
            {"source": "b", "target": "output"},
        ],
    }
    places = [(each.x, each.y) for each in from_text(json.dumps(entry)).document.layers]
    assert places == [(0, 0), (220, 0), (220, 160), (7.5, -1)]


def test_kinds_with_settings():
    project = opened(
        layers=[2, {"units": 3, "activation": {"kind": "leaky_relu"}, "bias": False}, 1],
        optimizer={"kind": "adam", "learning_rate": 1},
        loss={"kind": "mse", "form": "mean"},
        data={"kind": "moons", "examples": 20},
    )
    document = project.document
    assert document.layer("hidden").spec == Spec.of("dense", activation=Spec("leaky_relu"), bias=False)
    assert document.optimizer == Spec.of("adam", learning_rate=1.0)
    assert data_of(document).m == 20


def test_keys_of_units():
    cut = {"source": "input", "target": "hidden", "cut": [[5, 0]]}
    project = opened(layers=[2, {"keys": [3, 5, 4]}, 1], connections=[cut])
    assert project.document.layer("hidden").units == (3, 5, 4)
    assert "there is no synapse [1, 0]" in refusal(
        {"layers": [2, {"keys": [3, 5]}, 1], "connections": [{**cut, "cut": [[1, 0]]}]}
    )


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks(code):
    assert from_bytes('{"layers": [1, 1], "name": "é"}'.encode(code)).document.name == "é"


def test_the_name_of_the_file_is_the_default_name(tmp_path):
    (tmp_path / "Übung 3.json").write_text('{"layers": [1, 1]}', "utf-8")
    assert open_project(tmp_path / "Übung 3.json").document.name == "Übung 3"


def test_whole_numbers_beyond_the_machine_are_decimals():
    assert opened(parameters={"output.b": 10**30}).learned.parameters["output.b"].item() == 1e30


# -------------------------------------------------------------------- own data


def test_a_table_has_one_row_an_example():
    data = data_of(opened(table={"rows": [[1, 2, 1], [3, "1/2", 0]]}).document)
    assert data.X.tolist() == [[1, 3], [2, 0.5]]
    assert data.Y.tolist() == [[1, 0]]
    assert (data.features, data.targets, data.classes) == (("x1", "x2"), ("y",), ("0", "1"))
    assert data.task is Task.BINARY


def test_what_is_to_be_predicted_follows_from_the_targets():
    one_hot = data_of(opened(table={"targets": ["cat", "dog"], "rows": [[1, 1, 0], [2, 0, 1]]}).document)
    assert (one_hot.task, one_hot.classes, one_hot.n) == (Task.CLASSES, ("cat", "dog"), 1)
    numbers = data_of(opened(table={"rows": [[1, 0.5]]}).document)
    assert (numbers.task, numbers.classes) == (Task.REGRESSION, ())
    said = data_of(opened(table={"rows": [[1, 1]], "task": "regression"}).document)
    assert said.task is Task.REGRESSION


def test_a_table_beside_another_data_set():
    project = opened(data="and", table={"rows": [[1, 2]]})
    assert project.document.data == Spec("and")
    assert project.document.table is not None


# -------------------------------------------------------------------- the documentation

DOCS = Path(__file__).resolve().parents[3] / "docs" / "schema.md"


def test_the_examples_of_the_documentation_open():
    short, long = re.findall(r"```json\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    one, two = from_text(short, "homework.json").document, from_text(long, "other.json").document
    assert [(each.id, each.size, each.x) for each in one.layers] == [
        (each.id, each.size, each.x) for each in two.layers
    ]
    for name in ("name", "connections", "loss", "data", "training"):
        assert getattr(one, name) == getattr(two, name)
    assert layers.make(one.layer("output").spec) == layers.make(two.layer("output").spec)
    assert optimizers.make(one.optimizer) == optimizers.make(two.optimizer)
    assert data_of(one).X.tolist() == data_of(two).X.tolist() == [[1], [2]]
    assert (data_of(one).features, data_of(one).task) == (data_of(two).features, data_of(two).task)


def test_the_fields_of_the_documentation_are_those_of_the_schema():
    rows = DOCS.read_text("utf-8").split("## Fields")[1].split("**A kind**")[0].splitlines()
    named = {
        name for row in rows if row.startswith("| `") for name in re.findall(r"`(\w+)`", row.split("|")[1])
    }
    assert named == set(ProjectEntry.model_fields)
