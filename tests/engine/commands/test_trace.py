"""``trace``: known examples to the digits that are printed of them, and every field of a step."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.files import Project, open_project, save_project
from engine.samples import mlp

MAZUR = """
{
  "layers": [2, {"units": 2, "activation": "sigmoid"}, 2],
  "loss": "mse",
  "parameters": {
    "hidden.W": [[0.15, 0.20], [0.25, 0.30]], "hidden.b": [0.35, 0.35],
    "output.W": [[0.40, 0.45], [0.50, 0.55]], "output.b": [0.60, 0.60]
  },
  "table": {"targets": ["o1", "o2"], "rows": [[0.05, 0.10, 0.01, 0.99]]}
}
"""
"""M. Mazur, A Step by Step Backpropagation Example, 2015."""


def values(steps: list[dict[str, Any]], array: str, layer: str | None) -> np.ndarray:
    """The last value of every cell of an array, in the order of the walkthrough."""
    chosen = [each for each in steps if each["array"] == array and each["layer"] == layer and each["final"]]
    return np.array([each["value"] for each in chosen])


# -------------------------------------------------------------------- numbers of known examples


def test_the_lecture_forward_and_backward(lecture, process, parsed):
    found = parsed(process("trace", lecture, "--json"))
    steps = found["steps"]

    def agrees(array: str, layer: str | None, expected: list[float]) -> None:
        assert np.allclose(values(steps, array, layer), expected, rtol=0, atol=5.1e-7), array

    agrees("z", "hidden", [-0.2, 1.0, -0.2, 0.3])
    agrees("a", "hidden", [0.450166, 0.731059, 0.450166, 0.574443])
    agrees("z", "output", [0.180137])
    agrees("a", "output", [0.544913])
    agrees("L", None, [0.607129])
    agrees("J", None, [0.607129])
    agrees("dz", "output", [-0.455087])
    agrees("dW.hidden", "output", [-0.204865, -0.332695, -0.204865, -0.261421])
    agrees("dz", "hidden", [-0.022528, 0.035790, -0.056321, -0.011125])
    assert round(found["J"], 6) == 0.607129
    assert (found["update"], found["epoch"], found["batch"], found["batches"], found["examples"]) == (
        1,
        1,
        1,
        1,
        [1],
    )
    after = found["parameters_after"]
    assert np.allclose(
        values(steps, "new W.input", "hidden"), np.ravel(after["hidden.W.input"]), rtol=0, atol=0
    )
    assert found["count"] == len(steps)


@pytest.mark.slow
def test_the_lecture_over_three_updates(lecture, tmp_path, process, parsed):
    costs, before = [], lecture
    for update in (1, 2):
        after = tmp_path / f"{update}.axon"
        found = parsed(process("train", before, "--epochs", 1, "--json", "--output", after))
        costs.append((found["loss_first"], found["loss"]))
        before = after
    assert [round(cost, 6) for cost in (*costs[0], costs[1][1])] == [0.607129, 0.392048, 0.276346]
    assert costs[0][1] == costs[1][0]
    project = open_project(before)
    assert project.learned.step == 2
    assert [round(cost, 6) for cost in project.curve] == [0.607129, 0.392048]


def test_a_trace_and_an_update_agree(lecture, answer):
    traced = answer("trace", lecture)["parameters_after"]
    assert traced == answer("train", lecture, "--epochs", 1)["parameters"]


def test_mazur(tmp_path, process, parsed, answer):
    path = tmp_path / "mazur.json"
    path.write_text(MAZUR, encoding="utf-8")
    found = parsed(process("trace", path, "--json"))
    assert round(found["J"], 9) == 0.298371109
    hidden, output = found["parameters_after"]["hidden.W.input"], found["parameters_after"]["output.W.hidden"]
    assert np.round(output, 8).tolist() == [[0.35891648, 0.40866619], [0.51130127, 0.56137012]]
    assert np.round(hidden, 8).tolist() == [[0.14978072, 0.19956143], [0.24975114, 0.29950229]]
    assert round(hidden[0][0], 9) == 0.149780716
    trained = answer("train", path, "--epochs", 1)
    assert round(trained["loss_first"], 9) == 0.298371109
    assert trained["parameters"] == found["parameters_after"]
    assert trained["accuracy"] is None


def test_the_written_formulas_give_the_written_values(lecture, answer):
    """Formulas in numbers have all digits: sums of products calculated again give the value."""
    checked = 0
    for step in answer("trace", lecture)["steps"]:
        if step["final"] and step["array"] in {"z", "dW.input", "dW.hidden", "db"}:
            words = step["numbers"].replace("−", "-").replace("(", "").replace(")", "")
            terms = (math.prod(float(factor) for factor in term.split("·")) for term in words.split(" + "))
            assert math.isclose(sum(terms), step["value"], rel_tol=1e-14, abs_tol=1e-16)
            checked += 1
    assert checked == 5 + 12 + 5


# -------------------------------------------------------------------- trace


def test_fields_of_a_step(lecture, answer):
    first = answer("trace", lecture)["steps"][0]
    assert first == {
        "number": 1,
        "phase": "forward",
        "kind": "product",
        "layer": "hidden",
        "layer_number": 1,
        "example": 1,
        "array": "z",
        "index": [0],
        "target": "z[1]_1",
        "symbol": "z[1]_1",
        "sign": "=",
        "symbols": "w[1]_{1,1}·x_1 + w[1]_{1,2}·x_2 + b[1]_1",
        "numbers": "0.1·1.0 + (−0.2)·2.0 + 0.1",
        "numbers_short": "0.1·1 + (−0.2)·2 + 0.1",
        "term": "w[1]_{1,1}·x_1",
        "term_numbers": "0.1·1.0",
        "latex": first["latex"],
        "value": 0.1,
        "running": 0.1,
        "final": False,
        "equation": "z[l] = W[l] a[l−1] + b[l]",
        "code": "z = W @ a_prev + b",
    }


def test_a_batch_and_one_of_its_examples(xor, answer):
    batch = answer("trace", xor)
    assert batch["examples"] == [1, 2, 3, 4]
    assert {step["example"] for step in batch["steps"]} == {1, 2, 3, 4, None}
    assert {step["phase"] for step in batch["steps"]} == {"forward", "loss", "backward", "update"}
    assert batch["steps"][0]["target"] == "z[1](1)_1"
    one = answer("trace", xor, "--example", 3)
    assert one["examples"] == [3]
    assert (one["epoch"], one["batch"]) == (None, None)
    assert {step["example"] for step in one["steps"]} == {3, None}
    assert np.array_equal(values(one["steps"], "a", "output"), values(batch["steps"], "a", "output")[2:3])


def test_the_next_batch_is_the_one_that_training_takes(tmp_path, said, answer):
    document = mlp(2, 3, 1, optimizer=Spec("adam"))
    document = replace(document, training=replace(document.training, batch_size=3, shuffle=True))
    path = tmp_path / "a.axon"
    save_project(Project.new(document), path)
    said("train", path, "--epochs", 3, "--output", path)
    found = answer("trace", path)
    assert (found["update"], found["epoch"], found["batch"], found["batches"]) == (7, 4, 1, 2)
    assert len(found["examples"]) == 3
    assert {step["array"] for step in found["steps"]} >= {"new m W.input", "new v W.input", "mean dW.input"}


def test_trace_for_people(lecture, said):
    words = said("trace", lecture)
    assert words.startswith("Update 1 = epoch 1, batch 1 of 1: example 1\nJ = 0.607129\n")
    assert "\nForward, layer [1] hidden\n" in words
    assert "= 0.1·1 + (−0.2)·2 + 0.1" in words
    assert "w[2]_{1,1}  := w[2]_{1,1} − 0.5·dw[2]_{1,1}" in words
    assert not any(line != line.rstrip() for line in words.splitlines())


def test_infinite_values_become_null(tmp_path, said, answer):
    path = tmp_path / "big.json"
    entry = {"layers": [1, 1], "parameters": {"output.W": 1e308, "output.b": 0}}
    entry |= {"loss": "mse", "table": {"rows": [[1e308, 0.5]]}}
    entry["layers"] = [1, {"activation": "identity"}]
    path.write_text(json.dumps(entry))
    found = answer("trace", path)
    assert found["J"] is None
    endless = [step for step in found["steps"] if step["value"] is None]
    assert endless
    assert {step["value_text"] for step in endless} <= {"inf", "-inf", "nan"}
    assert "inf" in said("trace", path)
