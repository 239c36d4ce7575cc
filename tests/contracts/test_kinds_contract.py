"""What every kind of every family keeps to: names, knobs, specifications, one file each."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

import engine
from engine.core.knobs import Knob, knobs
from engine.core.problems import KnobError
from engine.core.registry import Kind, Registry
from engine.core.spec import Spec

ENGINE = Path(engine.__file__).parent


def families() -> dict[str, Registry]:  # type: ignore[type-arg]
    """Every registry of the engine: the packages are imported, which makes their registries."""
    for module in pkgutil.iter_modules(engine.__path__):
        if module.ispkg and (ENGINE / module.name / "base.py").exists():
            importlib.import_module(f"engine.{module.name}")
    return Registry.families


KINDS = [pytest.param(cls, id=f"{name}-{cls.kind}") for name, each in families().items() for cls in each]


def home(cls: type[Kind]) -> Registry:  # type: ignore[type-arg]
    """The registry that the kind is in."""
    return next(each for each in families().values() if cls.kind in each and each[cls.kind] is cls)


def test_the_families_are_found() -> None:
    assert {"activation", "loss", "optimizer", "initializer", "layer"} <= families().keys()
    assert len(KINDS) > 20


@pytest.mark.parametrize("cls", KINDS)
def test_has_a_title_and_a_sentence(cls: type[Kind]) -> None:
    assert cls.title.strip() == cls.title != ""
    assert cls.summary.endswith(".")
    assert cls.summary[0].isupper() or not cls.summary[0].isalpha()
    assert cls.__doc__
    assert not cls.__doc__.startswith(f"{cls.__name__}(")


@pytest.mark.parametrize("cls", KINDS)
def test_is_a_frozen_dataclass_whose_fields_are_knobs(cls: type[Kind]) -> None:
    names = [each.name for each in knobs(cls)]
    assert names == [each.name for each in fields(cls)]  # type: ignore[arg-type]
    made = cls()
    for name in [*names, "anything"]:
        with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            setattr(made, name, 1)


@pytest.mark.parametrize("cls", KINDS)
def test_knobs_have_labels_and_defaults_in_range(cls: type[Kind]) -> None:
    for each in knobs(cls):
        assert each.label, each.name
        assert each.label[0].isupper() or not each.label[0].isalpha(), each.label
        value = each.checked(each.default)
        assert value == each.default
        assert type(value) is type(each.default)
        assert getattr(cls(), each.name) == each.default
        if each.family:
            assert isinstance(each.default, Spec)
            assert families()[each.family].make(each.default)
        if each.none_label:
            assert each.optional


@pytest.mark.parametrize("cls", KINDS)
def test_the_specification_makes_it_again(cls: type[Kind]) -> None:
    registry = home(cls)
    for made in [cls(), cls(**{each.name: other_value(each) for each in knobs(cls)})]:
        assert registry.make(made.spec) == made
        written = json.loads(json.dumps(made.spec.to_json()))
        assert written["kind"] == cls.kind
        assert registry.make(Spec.from_json(written)) == made
    assert registry.make(cls.kind) == cls()
    assert registry.make(Spec(cls.kind)) == cls()


def other_value(knob: Knob) -> object:
    """A value of the knob that is not its default, where there is one."""
    match knob.type:
        case "kind":
            others = [each().spec for each in families()[knob.family] if each.kind != knob.default.kind]  # type: ignore[union-attr]
            return others[0] if others else knob.default
        case "choice":
            return knob.choices[-1]
        case "bool":
            return not knob.default
        case "text":
            return knob.default
    bounds = [each for each in (knob.minimum, knob.maximum) if each is not None and each != knob.default]
    return knob.checked(bounds[0]) if bounds else knob.default


@pytest.mark.parametrize("cls", KINDS)
def test_unfit_settings_are_refused_with_a_sentence(cls: type[Kind]) -> None:
    registry = home(cls)
    with pytest.raises(KnobError, match=r"no setting called 'nonsense'\.$"):
        registry.make(Spec.of(cls.kind, nonsense=1))
    for each in knobs(cls):
        unfit = {"kind": 3, "choice": "nonsense", "bool": 1, "text": 1}.get(each.type, "three")
        with pytest.raises(KnobError, match=r"\.$"):
            registry.make(Spec.of(cls.kind, **{each.name: unfit}))
        if each.type in {"int", "float"}:
            for wrong in (float("nan"), float("inf"), True, 10**400):
                with pytest.raises(KnobError, match=r"\.$"):
                    registry.make(Spec.of(cls.kind, **{each.name: wrong}))
        if each.minimum is not None:
            with pytest.raises(KnobError, match=each.label):
                registry.make(Spec.of(cls.kind, **{each.name: each.minimum - 1}))
        if each.maximum is not None:
            with pytest.raises(KnobError, match=each.label):
                registry.make(Spec.of(cls.kind, **{each.name: each.maximum + 1}))


@pytest.mark.parametrize("cls", KINDS)
def test_lies_in_a_file_of_its_family(cls: type[Kind]) -> None:
    assert cls.__module__.rpartition(".")[0] == home(cls).package


def test_titles_are_unique_within_a_family() -> None:
    for registry in families().values():
        titles = [cls.title for cls in registry]
        assert len(titles) == len(set(titles))


def test_nobody_outside_a_family_imports_the_file_of_a_kind() -> None:
    """Everything goes through the registries, so that a new kind is one new file."""
    own = {cls.values[0].__module__: home(cls.values[0]).package for cls in KINDS}  # type: ignore[attr-defined]
    guilty = []
    for path in sorted(ENGINE.rglob("*.py")):
        module = ".".join(("engine", *path.relative_to(ENGINE).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
            elif isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            guilty += [
                f"{path}:{node.lineno} imports {name}"  # type: ignore[attr-defined]
                for name in names
                if name in own and not module.startswith(f"{own[name]}.")
            ]
    assert not guilty
