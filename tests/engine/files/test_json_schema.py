"""The schema that ``main.py schema`` prints: complete, and it agrees with what is opened."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from engine.core.knobs import knobs
from engine.files import Project, to_text
from engine.files.json_schema import FAMILIES, json_schema
from engine.files.schema import LAYER_FIELDS
from engine.layers import layers
from engine.samples import first_light

SCHEMA = json_schema()


def valid(value: Any, schema: Any) -> bool:
    """A small validator for the words of JSON Schema that are used here."""
    if schema is True:
        return True
    if "$ref" in schema and not valid(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]):
        return False
    if "anyOf" in schema and not any(valid(value, each) for each in schema["anyOf"]):
        return False
    if "not" in schema and valid(value, schema["not"]):
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    types = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    kind = schema.get("type")
    if kind in types and not isinstance(value, types[kind]):
        return False
    if kind in {"integer", "number"}:
        if isinstance(value, bool) or not isinstance(value, int if kind == "integer" else int | float):
            return False
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            return False
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return False
        return all(valid(each, schema.get("items", True)) for each in value)
    if isinstance(value, dict):
        if any(name not in value for name in schema.get("required", ())):
            return False
        rest = schema.get("additionalProperties", True)
        for name, item in value.items():
            inner = schema.get("properties", {}).get(name, rest)
            if inner is False or not valid(item, inner):
                return False
    return True


def test_every_reference_has_its_definition():
    references = re.findall(r'"#/\$defs/([^"]+)"', json.dumps(SCHEMA))
    assert references
    assert set(references) <= SCHEMA["$defs"].keys()
    assert "axon:definition" not in json.dumps(SCHEMA)


@pytest.mark.parametrize("registry", [*FAMILIES, layers], ids=lambda registry: registry.family)
def test_every_kind_is_in_it(registry):
    words = json.dumps(SCHEMA)
    for cls in registry:
        assert f'"const": "{cls.kind}"' in words
        for knob in knobs(cls):
            assert f'"{knob.name}"' in words


def test_no_layer_has_a_setting_called_like_a_field():
    for cls in layers:
        assert not {knob.name for knob in knobs(cls)} & set(LAYER_FIELDS)


def test_saved_projects_are_valid(trained):
    for project in (trained, Project.new(first_light())):
        assert valid(json.loads(to_text(project)), SCHEMA)


@pytest.mark.parametrize(
    "entry",
    [
        {"layers": [2, 4, 1]},
        {"layers": [2, {"units": 3, "activation": "relu"}, {}]},
        {"layers": [1, 1], "table": {"rows": [[1, "1/2"]]}, "data": "table"},
        {"layers": [1, 1], "parameters": {"output.W": ["−2/3"], "output.b": 1}},
        {
            "layers": [1, 1],
            "optimizer": {"kind": "adam", "beta1": 0.5},
            "loss": {"kind": "mse", "form": "sum"},
        },
    ],
)
def test_short_forms_are_valid(entry):
    assert valid(entry, SCHEMA)


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"layers": 3},
        {"layers": [0]},
        {"layers": [{"kind": "quantum"}]},
        {"layers": [{"kind": "dense", "untis": 1}]},
        {"layers": [{"kind": "dense", "activation": "quantum"}]},
        {"layers": [], "lyers": []},
        {"layers": [], "optimizer": {"kind": "adam", "speed": 1}},
        {"layers": [], "training": {"batch_size": 0}},
        {"layers": [], "parameters": {"output.b": "half"}},
        {"layers": [], "version": "1"},
    ],
)
def test_mistakes_are_not_valid(entry):
    assert not valid(entry, SCHEMA)
