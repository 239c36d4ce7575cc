"""Knobs, specifications and registries: data in, kinds out, one sentence where it does not fit."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.knobs import Knob, checked, knob, knobs
from engine.core.problems import AxonError, KnobError, UnknownKindError
from engine.core.registry import Kind, Registry
from engine.core.spec import Spec


@dataclass(frozen=True)
class Sample(Kind):
    """A kind with a knob of every type."""

    title = "Sample"
    count: int = knob(4, "Count", minimum=1, maximum=9)
    rate: float = knob(0.5, "Rate", minimum=0.0, symbol="α")
    on: bool = knob(True, "On")
    shape: str = knob("round", "Shape", choices=("round", "square"))
    note: str = knob("", "Note")
    g: Spec = knob(Spec("tanh"), "Activation", family="activation")
    most: int | None = knob(None, "Most", minimum=1, optional=True, none_label="all")


def test_knobs_in_the_order_of_the_fields() -> None:
    assert [each.name for each in knobs(Sample)] == ["count", "rate", "on", "shape", "note", "g", "most"]
    assert [each.type for each in knobs(Sample)] == ["int", "float", "bool", "choice", "text", "kind", "int"]
    assert knobs(Sample)[1].symbol == "α"


@pytest.mark.parametrize(
    ("name", "given_value", "kept"),
    [
        ("count", 4, 4),
        ("count", 4.0, 4),
        ("rate", 1, 1.0),
        ("on", False, False),
        ("shape", "square", "square"),
        ("g", "relu", Spec("relu")),
        ("g", Spec.of("leaky_relu", leak=0.1), Spec.of("leaky_relu", leak=0.1)),
        ("most", None, None),
        ("most", 3, 3),
    ],
)
def test_values_in_the_type_of_the_knob(name: str, given_value: object, kept: object) -> None:
    found = checked(Sample, {name: given_value})[name]  # type: ignore[dict-item]
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("count", 0, "Count must be between 1 and 9, not 0."),
        ("count", 10, "Count must be between 1 and 9, not 10."),
        ("count", 2.5, "Count must be a whole number, not 2.5."),
        ("count", "4", "Count must be a whole number, not '4'."),
        ("count", True, "Count must be a whole number, not True."),
        ("count", None, "Count must be a whole number, not None."),
        ("rate", -1.0, "Rate must be at least 0, not -1."),
        ("rate", float("nan"), "Rate must be a number, not nan."),
        ("on", 1, "On must be true or false, not 1."),
        ("shape", "oval", "Shape must be one of round, square, not 'oval'."),
        ("note", 3, "Note must be a text, not 3."),
        ("g", 3, "Activation must name a kind, not 3."),
        ("colour", 3, "Sample has no setting called 'colour'."),
    ],
)
def test_one_sentence_for_what_does_not_fit(name: str, value: object, sentence: str) -> None:
    with pytest.raises(KnobError) as caught:
        checked(Sample, {name: value})  # type: ignore[dict-item]
    assert str(caught.value) == sentence


def test_a_number_of_four_hundred_digits_is_refused_too() -> None:
    with pytest.raises(KnobError):
        checked(Sample, {"rate": 10**400})


def test_a_spec_is_sorted_and_hashable() -> None:
    assert Spec.of("k", b=1, a=2) == Spec.of("k", a=2, b=1)
    assert hash(Spec.of("k", b=1, a=Spec("x"))) == hash(Spec.of("k", a=Spec("x"), b=1))
    assert Spec.of("k", b=1).get("b") == 1
    assert Spec.of("k").get("b", 7) == 7
    assert Spec.of("k", b=1).with_(c=2, b=3) == Spec.of("k", b=3, c=2)
    assert dict(Spec.of("k", b=1)) == {"b": 1}


def values() -> st.SearchStrategy[object]:
    plain = st.one_of(
        st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False), st.text(max_size=5)
    )
    names = st.text("abcdefgxyz_", min_size=1, max_size=5).filter(lambda name: name != "kind")
    return st.recursive(
        plain,
        lambda part: st.one_of(
            st.lists(part, max_size=3).map(tuple),
            st.builds(
                lambda kind, settings: Spec(kind, tuple(sorted(settings.items()))),
                st.text(min_size=1, max_size=5),
                st.dictionaries(names, part, max_size=3),
            ),
        ),
        max_leaves=6,
    )


@given(
    st.dictionaries(st.text(min_size=1, max_size=6).filter(lambda name: name != "kind"), values(), max_size=4)
)
def test_json_there_and_back(settings: dict[str, object]) -> None:
    spec = Spec("kind", tuple(sorted(settings.items())))  # type: ignore[arg-type]
    assert Spec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


@pytest.mark.parametrize("name", ["cls", "self", "kind_", "settings"])
def test_any_name_of_a_setting_can_be_read(name: str) -> None:
    """A file may hold whatever it likes: an unknown setting gets its sentence later."""
    spec = Spec.from_json({"kind": "dense", name: 1})
    assert spec.get(name) == 1
    with pytest.raises(KnobError):
        Registry.families["layer"].make(spec)


@pytest.mark.parametrize("data", [3, None, [], {}, {"kind": 3}, {"units": 3}, {"kind": "x", "a": object()}])
def test_what_is_no_spec(data: object) -> None:
    with pytest.raises(ValueError, match=r"kind|setting"):
        Spec.from_json(data)


# ---------------------------------------------------------------- registries


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry[Kind]:
    """A family of two files; what it adds to the table of families is taken back."""
    package = tmp_path / "some_family"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name, rank in (("late", 90), ("early", 10)):
        (package / f"{name}.py").write_text(
            "from dataclasses import dataclass\n"
            "from engine.core.registry import Kind, Registry\n"
            f"@Registry.families['some'].add('{name}')\n"
            "@dataclass(frozen=True)\n"
            f"class {name.title()}(Kind):\n    title = '{name.title()}'\n    rank = {rank}\n"
        )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(Registry, "families", dict(Registry.families))
    yield Registry("some", "some_family")  # type: ignore[misc]
    for name in [name for name in sys.modules if name.partition(".")[0] == "some_family"]:
        del sys.modules[name]


def test_a_kind_is_found_because_its_file_is_there(family: Registry[Kind]) -> None:
    assert [cls.kind for cls in family] == ["early", "late"]
    assert "late" in family
    assert "never" not in family
    assert family.make("late") == family["late"]()
    assert family.make(Spec("late")).spec == Spec("late")


def test_an_unknown_kind_is_a_sentence(family: Registry[Kind]) -> None:
    with pytest.raises(UnknownKindError) as caught:
        family.make("never")
    assert str(caught.value) == "This version of Axon has no some called 'never'."
    assert isinstance(caught.value, AxonError)
    with pytest.raises(UnknownKindError) as caught:
        family.make("x" * 500)
    assert len(str(caught.value)) < 120


def test_two_kinds_of_one_name_are_refused(family: Registry[Kind]) -> None:
    assert "late" in family
    with pytest.raises(ValueError, match="two kinds"):
        family.add("late")(Sample)


def test_every_family_is_found() -> None:
    from engine.activations import activations

    assert Registry.families["activation"] is activations
    assert isinstance(Knob("n", "N", 3), Knob)
