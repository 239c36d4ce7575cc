"""Random JSON opens or is refused with one sentence; nothing else ever happens."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.problems import FileError
from engine.core.spec import Spec
from engine.files import Project, from_text, to_text
from engine.files.schema import ProjectEntry
from engine.samples import mlp

pytestmark = pytest.mark.slow

SMALL = {"layers": [2, 3, 1]}


def opened(**entry: object) -> Project:
    return from_text(json.dumps({**SMALL, **entry}), "homework.json")


words = st.sampled_from(
    ["input", "dense", "output", "hidden", "xor", "adam", "1/3", "", "kind", "table", "\x00", "é", "cls"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
fields = st.sampled_from(sorted(ProjectEntry.model_fields))


def opens_or_refuses(entry: object) -> None:
    try:
        from_text(json.dumps(entry), "chance.json")
    except FileError as error:
        assert "it is damaged" not in str(error)
        assert len(str(error)) <= 200


@settings(max_examples=200, deadline=None)
@given(values)
def test_random_json(entry):
    opens_or_refuses(entry)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(fields, values, max_size=3))
def test_random_fields(entry):
    opens_or_refuses({**SMALL, **entry})


layer = st.one_of(
    st.integers(-1, 5),
    st.fixed_dictionaries(
        {},
        optional={
            "id": words,
            "kind": words,
            "units": st.integers(0, 4),
            "keys": st.lists(st.integers(0, 3), max_size=3),
            "activation": values,
            "bias": values,
            "x": values,
        },
    ),
)
names = st.sampled_from(["input", "hidden", "hidden2", "output", "nobody"])
cells = st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), max_size=2)
wire = st.fixed_dictionaries({"source": names, "target": names}, optional={"cut": cells, "locked": cells})


@settings(max_examples=200, deadline=None)
@given(
    st.lists(layer, max_size=5),
    st.none() | st.lists(wire, max_size=4),
    st.dictionaries(words, values, max_size=2),
)
def test_random_networks(drawn, wires, parameters):
    entry = {"layers": drawn, "parameters": parameters}
    opens_or_refuses(entry if wires is None else {**entry, "connections": wires})


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_random_text(text):
    for start in ("", "{", '{"layers": [2, 1], '):
        try:
            from_text(start + text, "chance.json")
        except FileError as error:
            assert len(str(error)) <= 200


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_fractions_are_rounded_once(above, below):
    found = opened(parameters={"output.b": f"{above}/{below}"}).learned.parameters["output.b"].item()
    assert math.isclose(found, above / below, rel_tol=0, abs_tol=0)


def test_a_classifier_survives_text():
    project = Project.new(
        mlp(2, 5, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec.of("blobs", classes=3))
    )
    assert from_text(to_text(project)).document == project.document
