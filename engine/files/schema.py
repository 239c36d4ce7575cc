"""The file format: every field of ``project.json`` and of a plain JSON project, with its limits.

pydantic checks types and limits and finds all errors with their path; whether the network makes
sense is checked where it is built (``document.py``, ``numbers.py`` in this folder). The settings
of a kind are checked by its knobs, so that a new kind needs no line here.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from engine.core.spec import Spec
from engine.document.edits import MOST_UNITS
from engine.document.notes import MOST_NOTES, MOST_TEXT, NARROWEST, WIDEST
from engine.document.wording import cleaned, writable
from engine.runs import LONGEST_NAME, MOST_RUNS

MOST_LAYERS = 400
MOST_CONNECTIONS = 4000
REFERENCE = "axon:definition"
"""Stands in pydantic's schema for a ``$ref`` to a definition that ``json_schema.py`` adds."""
LARGEST = 2**53
"""Whole numbers up to this are the same in every program that reads JSON."""

Counter = Annotated[int, Field(ge=0, le=LARGEST)]
Name = Annotated[str, Field(max_length=1000)]
Key = Annotated[int, Field(ge=0, le=LARGEST)]
Pair = Annotated[list[Key], Field(min_length=2, max_length=2)]
Coordinate = Annotated[float, Field(ge=-1e9, le=1e9)]
Id = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\w[\w-]*$")]


def specification(value: object) -> Spec:
    """A kind with its settings; raises ``ValueError`` with one sentence."""
    if isinstance(value, dict):
        if "kind" in value and not isinstance(value["kind"], str):
            raise ValueError("the name of a kind must be a text")
        for name, item in value.items():
            if not name.isidentifier() or name in {"cls", "self"}:
                raise ValueError(f"there is no setting called '{name[:40]}'")
            if isinstance(item, dict | list):
                _check_nested(item)
    return Spec.from_json(value)


def _check_nested(item: object) -> None:
    if isinstance(item, dict):
        specification(item)
    elif isinstance(item, list):
        for each in item:
            _check_nested(each)


def _kind(family: str) -> Any:
    return Annotated[
        Any, AfterValidator(specification), WithJsonSchema({REFERENCE: family.replace(" ", "_")})
    ]


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("must be an object in braces")
    return value


Weights = Annotated[
    Any,
    AfterValidator(_object),
    WithJsonSchema({"type": "object", "additionalProperties": {REFERENCE: "numbers"}}),
]
"""Numbers by the name of a parameter; what they look like is checked where they are read."""


class Strict(BaseModel):
    """Nothing is guessed: no other fields, no text for a number, no infinite number."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class LayerEntry(Strict):
    """One layer; every field beyond these is a setting of its kind. A bare number means its units."""

    model_config = ConfigDict(extra="allow")

    id: Id | None = Field(None, description="Unique; by default input, hidden, hidden2 ..., output.")
    kind: str | None = Field(
        None, description="By default the first layer is an input, the last an output, others dense."
    )
    units: Annotated[int, Field(ge=1, le=MOST_UNITS)] | None = Field(None, description="By default 1.")
    keys: Annotated[list[Key], Field(min_length=1, max_length=MOST_UNITS)] | None = Field(
        None, description="The units' stable keys from top to bottom, where they are not 0 to units - 1."
    )
    name: Name = ""
    x: Coordinate | None = Field(None, description="Place on the canvas; laid out if missing.")
    y: Coordinate | None = None
    frozen: bool = Field(False, description="Training leaves its parameters as they are.")
    group: Name = Field("", description="The group it belongs to; Encoder/Block 1 for one within another.")
    folded: bool = Field(False, description="Drawn as one block instead of its neurons.")

    @model_validator(mode="before")
    @classmethod
    def _bare_number(cls, value: object) -> object:
        return {"units": value} if isinstance(value, int) and not isinstance(value, bool) else value


LAYER_FIELDS = tuple(LayerEntry.model_fields)
"""Names that a setting of a layer kind cannot have, because settings stand beside them."""


class ConnectionEntry(Strict):
    """All synapses from one layer to another, with those that are cut or locked."""

    source: Id
    target: Id
    cut: list[Pair] = Field(default=[], description="Synapses [receiving unit's key, sending unit's key].")
    locked: list[Pair] = Field(default=[], description="Synapses that training leaves alone, as in cut.")


def _writable(text: str) -> str:
    if not cleaned(text, lines=True):
        raise ValueError("must not be empty")
    if not writable(text):
        raise ValueError("has characters that cannot be shown")
    return cleaned(text, lines=True)


class NoteEntry(Strict):
    """A text on the canvas: it has a place, or is attached to a layer or to one of its units."""

    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT), AfterValidator(_writable)]
    id: Id | None = Field(None, description="Unique; by default note1, note2 ...")
    x: Coordinate = Field(0.0, description="Its left edge.")
    y: Coordinate = Field(0.0, description="Its upper edge.")
    width: Annotated[float, Field(ge=NARROWEST, le=WIDEST)] = Field(220.0, description="Where its lines end.")
    layer: Id | None = Field(None, description="The layer it is attached to.")
    unit: Key | None = Field(None, description="The key of the unit it is attached to.")


class TableEntry(Strict):
    """The user's own data: one row an example, first the inputs, then the targets."""

    rows: list[Any] | None = Field(
        None, json_schema_extra={"items": {"type": "array", "items": {REFERENCE: "number"}}}
    )
    features: Annotated[list[Name], Field(min_length=1)] | None = Field(
        None, description="By default x1, x2 ..."
    )
    targets: Annotated[list[Name], Field(min_length=1)] = Field(
        default=["y"], description="Names of the last columns; by default only the last column is a target."
    )
    classes: list[Name] | None = None
    task: Literal["binary", "classes", "regression"] | None = Field(
        None,
        description="By default binary for one target of 0 and 1, classes if one-hot, else regression.",
    )
    source: Annotated[str, Field(max_length=10_000)] = ""


class TrainingEntry(Strict):
    """How the network learns."""

    batch_size: Annotated[int, Field(ge=1, le=LARGEST)] | None = Field(
        None, description="null: all examples."
    )
    shuffle: bool = False
    seed: Annotated[int, Field(ge=-LARGEST, le=LARGEST)] = 1
    procedure: _kind("procedure") = "supervised"  # type: ignore[valid-type]
    schedule: _kind("schedule") = "constant"  # type: ignore[valid-type]
    clipping: _kind("clipping") = "off"  # type: ignore[valid-type]
    regularizer: _kind("regularizer") = "none"  # type: ignore[valid-type]
    augmentation: _kind("augmentation") = "none"  # type: ignore[valid-type]
    label_noise: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0, description="Share of the examples whose class is drawn at random, once and for all."
    )
    held_out: Annotated[float, Field(ge=0, le=0.9)] = Field(
        0.0, description="Share of the examples that are kept from training, to validate."
    )
    patience: Annotated[int, Field(ge=1, le=LARGEST)] | None = Field(
        None, description="Early stopping: so many epochs without a better validation loss; null: never."
    )
    precision: Literal["double", "single"] = "double"


class CurveEntry(Strict):
    """The loss J of every update from number ``start`` on; in an .axon file the values are an array."""

    start: Counter = 0
    values: list[Any] | None = Field(None, json_schema_extra={"items": {"type": "number"}})


def _shown(text: str) -> str:
    if cleaned(text) != text or not text:
        raise ValueError("must not be empty or have characters that cannot be shown")
    return text


class RunEntry(Strict):
    """A training of the project's network; the curve of the present one is the project's own."""

    number: Annotated[int, Field(ge=1, le=LARGEST)]
    name: Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_shown)]
    parent: Counter | None = Field(None, description="The number of the run it branched off, a lower one.")
    fork: Counter = Field(0, description="The update before which it branched off.")
    change: Name = Field("", description="What was changed there, in words.")
    present: bool = Field(False, description="Whether the parameters belong to this run; true for one.")
    start: Counter = Field(0, description="The update of the first value of its curve.")
    values: list[Any] | None = Field(None, json_schema_extra={"items": {"type": "number"}})


class ProjectEntry(Strict):
    """A project. Only ``layers`` must be given."""

    format: Literal["axon-project"] = "axon-project"
    version: Annotated[int, Field(ge=1)] = 1
    name: Name | None = Field(None, description="By default the name of the file.")
    layers: Annotated[list[LayerEntry], Field(max_length=MOST_LAYERS)]
    connections: Annotated[list[ConnectionEntry], Field(max_length=MOST_CONNECTIONS)] | None = Field(
        None, description="By default the layers form a chain in the order written."
    )
    loss: _kind("loss") = "bce"  # type: ignore[valid-type]
    optimizer: _kind("optimizer") = "gradient_descent"  # type: ignore[valid-type]
    data: _kind("data set") | None = Field(  # type: ignore[valid-type]
        None, description="By default the table if there is one, else xor."
    )
    table: TableEntry | None = None
    notes: Annotated[list[NoteEntry], Field(max_length=MOST_NOTES)] = Field(
        default=[], description="Texts on the canvas."
    )
    folded: Annotated[list[Name], Field(max_length=MOST_LAYERS)] = Field(
        default=[], description="The groups that are drawn as one node."
    )
    training: TrainingEntry = TrainingEntry()
    step: Counter = Field(0, description="Updates done.")
    clock: Counter | None = Field(None, description="Updates done by this optimizer; by default all.")
    back_to: Counter | None = Field(
        None, description="0 if training came from the first values without an edit: it can be gone back."
    )
    walk: Counter | None = Field(None, description="Step of the walkthrough, or null.")
    parameters: Weights = Field(default={}, description="Those that are missing are drawn from the seed.")
    initial: Weights = Field(default={}, description="First values; by default the same as the parameters.")
    memory: Annotated[Any, AfterValidator(_object)] = Field(
        default={},
        description="The optimizer's vectors by name; by default 0.",
        json_schema_extra={"type": "object", "additionalProperties": {"type": "object"}},
    )
    curve: CurveEntry = CurveEntry()
    runs: Annotated[list[RunEntry], Field(max_length=MOST_RUNS)] = Field(
        default=[], description="All trainings with their curves, where there is more than one."
    )
    view: Annotated[Any, AfterValidator(_object)] = Field(
        default={}, description="The window's own settings.", json_schema_extra={"type": "object"}
    )


@cache
def field_names() -> tuple[str, ...]:
    """All names of fields, for a hint at a misspelt one."""
    models = (ProjectEntry, ConnectionEntry, NoteEntry, TableEntry, TrainingEntry, CurveEntry, RunEntry)
    return tuple(dict.fromkeys(name for model in models for name in model.model_fields))
