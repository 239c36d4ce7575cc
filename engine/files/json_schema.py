"""The JSON schema of a project, with all kinds and their settings as the registries have them."""

from __future__ import annotations

from typing import Any

# These imports also enter the families of kinds into ``Registry.families``.
from engine.activations import activations
from engine.augmentations import augmentations
from engine.clipping import clippings
from engine.core.knobs import Knob, knobs
from engine.core.registry import Registry
from engine.core.spec import Spec
from engine.data_of import TABLE
from engine.datasets import datasets
from engine.files.schema import LAYER_FIELDS, REFERENCE, ProjectEntry
from engine.files.written import plain_value
from engine.initializers import initializers
from engine.layers import layers
from engine.losses import losses
from engine.optimizers import optimizers
from engine.procedures import procedures
from engine.regularizers import regularizers
from engine.schedules import schedules

Schema = dict[str, Any]

FAMILIES: tuple[Registry[Any], ...] = (
    activations, initializers, losses, optimizers, datasets,
    procedures, schedules, clippings, regularizers, augmentations,
)  # fmt: skip


def json_schema() -> Schema:
    """The schema (JSON Schema draft 2020-12) of plain JSON projects and of ``project.json``."""
    schema = ProjectEntry.model_json_schema()
    definitions = schema["$defs"]
    for registry in FAMILIES:
        definitions[registry.family.replace(" ", "_")] = _family(registry)
    definitions["data_set"]["anyOf"].append({"const": TABLE, "title": "The project's own table"})
    definitions["LayerEntry"] = _layers(definitions["LayerEntry"])
    definitions["number"] = {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "pattern": r"^[+−-]?\d+(\.\d+)?(/\d+(\.\d+)?)?$", "examples": ["1/3", "-2/3"]},
        ]
    }
    nested = {"type": "array", "items": {"$ref": "#/$defs/numbers"}}
    definitions["numbers"] = {"anyOf": [{"$ref": "#/$defs/number"}, nested]}
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Axon project",
        **{name: value for name, value in schema.items() if name != "title"},
    }
    return _referring(made)  # type: ignore[no-any-return]


def _referring(part: Any) -> Any:
    """The schema with the references that pydantic could not know."""
    if isinstance(part, list):
        return [_referring(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        "$ref" if name == REFERENCE else name: f"#/$defs/{value}" if name == REFERENCE else _referring(value)
        for name, value in part.items()
    }


def _family(registry: Registry[Any]) -> Schema:
    """A kind is written as its name, or as an object with its settings."""
    names = [cls.kind for cls in registry]
    objects = [_with_settings(cls, {}) for cls in registry]
    return {"anyOf": [{"enum": names}, *objects]}


def _with_settings(cls: Any, fields: Schema) -> Schema:
    return {
        "type": "object",
        "title": cls.title,
        "description": cls.summary,
        "properties": {
            "kind": {"const": cls.kind},
            **fields,
            **{each.name: _knob(each) for each in knobs(cls)},
        },
        "required": ["kind"],
        "additionalProperties": False,
    }


def _layers(entry: Schema) -> Schema:
    common = {name: entry["properties"][name] for name in LAYER_FIELDS if name != "kind"}
    by_position = {
        "type": "object",
        "title": "A layer whose kind follows from its position",
        "properties": common,
        "not": {"required": ["kind"]},
    }
    units = {"type": "integer", "minimum": 1, "title": "The number of units, everything else by default"}
    kinds = [_with_settings(cls, common) for cls in layers]
    return {"description": entry.get("description", ""), "anyOf": [units, *kinds, by_position]}


def _knob(knob: Knob) -> Schema:
    made: Schema
    match knob.type:
        case "kind":
            made = {"$ref": f"#/$defs/{knob.family.replace(' ', '_')}"}
        case "choice":
            made = {"enum": list(knob.choices)}
        case "bool":
            made = {"type": "boolean"}
        case "text":
            made = {"type": "string"}
        case _:
            made = {"type": "integer" if knob.type == "int" else "number"}
            if knob.minimum is not None:
                made["minimum"] = knob.minimum
            if knob.maximum is not None:
                made["maximum"] = knob.maximum
    if knob.optional:
        made = {"anyOf": [made, {"type": "null"}]}
    words = {"title": knob.label, "description": knob.help} if knob.help else {"title": knob.label}
    default = knob.default
    return {**made, **words, "default": plain_value(default) if isinstance(default, Spec) else default}
