"""From a project to what its file says: the JSON entry and the arrays by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.plan import Array
from engine.core.spec import Spec, Value
from engine.datasets import Data
from engine.document import Connection, Document, Layer, Note, Training
from engine.document.grouping import groups
from engine.files import runs
from engine.files.migrations import FORMAT, VERSION

if TYPE_CHECKING:
    from engine.files.project import Project

Entry = dict[str, Any]


def entry_of(project: Project) -> Entry:
    """Everything but the arrays, in the order in which a person reads it."""
    document, learned = project.document, project.learned
    entry: Entry = {"format": FORMAT, "version": VERSION, "name": document.name}
    entry["layers"] = [_layer(each) for each in document.layers]
    entry["connections"] = [_connection(each) for each in document.connections]
    entry["loss"] = plain_value(document.loss)
    entry["optimizer"] = plain_value(document.optimizer)
    entry["data"] = plain_value(document.data)
    if document.table is not None:
        entry["table"] = _table(document.table)
    entry |= _looks(document)
    entry["training"] = _training(document.training)
    entry["step"], entry["clock"], entry["walk"] = int(learned.step), int(learned.clock), project.walk
    if project.back_to is not None:
        entry["back_to"] = project.back_to
    entry["curve"] = {"start": project.curve_start}
    found = runs.entries_of(project)
    if found:
        entry["runs"] = found
    entry["view"] = dict(project.view)
    return entry


def arrays_of(project: Project) -> dict[str, Array]:
    """All arrays by name, each in the shape in which the file holds it."""
    learned, table = project.learned, project.document.table
    arrays = {f"parameters/{key}": value for key, value in learned.parameters.items()}
    arrays |= {f"initial/{key}": value for key, value in learned.initial.items()}
    for vector, parts in learned.memory.items():
        arrays |= {f"memory/{vector}/{key}": value for key, value in parts.items()}
    if table is not None:
        arrays["table"] = np.concatenate([table.X, table.Y]).T
    arrays["curve"] = np.asarray(project.curve, np.float64)
    return arrays | runs.arrays_of(project)


def with_numbers(entry: Entry, arrays: Mapping[str, Array]) -> Entry:
    """The entry of a plain JSON project: the arrays as lists at their places."""
    entry = {**entry, "parameters": {}, "initial": {}, "memory": {}}
    view = entry.pop("view")
    for name, array in arrays.items():
        group, _, key = name.rpartition("/")
        if name == "curve":
            entry["curve"] = {**entry["curve"], "values": array.tolist()}
        elif name == "table":
            entry["table"] = {**entry["table"], "rows": array.tolist()}
        elif group == "runs":
            entry["runs"] = [
                {**each, "values": array.tolist()} if str(each["number"]) == key else each
                for each in entry["runs"]
            ]
        elif group.startswith("memory/"):
            entry["memory"].setdefault(group.removeprefix("memory/"), {})[key] = array.tolist()
        else:
            entry[group][key] = array.tolist()
    if _same_bits(arrays):
        del entry["initial"]
    if not entry["memory"]:
        del entry["memory"]
    return {**entry, "view": view}


def _same_bits(arrays: Mapping[str, Array]) -> bool:
    """Whether the first values are the present ones (which == cannot say of 0 and -0)."""
    groups = [name.removeprefix("initial/") for name in arrays if name.startswith("initial/")]
    return all(arrays[f"initial/{key}"].tobytes() == arrays[f"parameters/{key}"].tobytes() for key in groups)


def plain_value(value: Value) -> Any:
    """A setting as JSON; a kind without settings of its own is just its name."""
    if isinstance(value, Spec):
        settings = {name: plain_value(item) for name, item in value.settings}
        return {"kind": value.kind, **settings} if settings else value.kind
    if isinstance(value, tuple):
        return [plain_value(each) for each in value]
    return value


def _layer(layer: Layer) -> Entry:
    entry: Entry = {"id": layer.id, "kind": layer.spec.kind, "units": layer.size}
    if layer.units != tuple(range(layer.size)):
        entry["keys"] = list(layer.units)
    if layer.name:
        entry["name"] = layer.name
    entry |= {name: plain_value(value) for name, value in layer.spec.settings}
    entry |= {"x": float(layer.x), "y": float(layer.y)}
    if layer.frozen:
        entry["frozen"] = True
    if layer.group:
        entry["group"] = layer.group
    if layer.folded:
        entry["folded"] = True
    return entry


def _looks(document: Document) -> Entry:
    """What no number depends on, where there is any."""
    entry: Entry = {}
    if document.notes:
        entry["notes"] = [_note(each) for each in document.notes]
    folded = sorted(document.folded & frozenset(groups(document)))
    return {**entry, "folded": folded} if folded else entry


def _note(note: Note) -> Entry:
    entry: Entry = {"id": note.id, "text": note.text}
    if not note.layer:
        return {**entry, "x": float(note.x), "y": float(note.y), "width": float(note.width)}
    return {**entry, "layer": note.layer} | ({} if note.unit is None else {"unit": note.unit})


def _training(training: Training) -> Entry:
    """Batch size, shuffling and seed always; the rest where it is not as usual."""
    usual, always = Training(), {"batch_size", "shuffle", "seed"}
    values = {each.name: getattr(training, each.name) for each in fields(Training)}
    return {
        name: plain_value(value)
        for name, value in values.items()
        if name in always or value != getattr(usual, name)
    }


def _connection(connection: Connection) -> Entry:
    entry: Entry = {"source": connection.source, "target": connection.target}
    for name in ("cut", "locked"):
        cells = sorted(getattr(connection, name))
        if cells:
            entry[name] = [list(cell) for cell in cells]
    return entry


def _table(table: Data) -> Entry:
    entry: Entry = {
        "features": list(table.features),
        "targets": list(table.targets),
        "task": table.task.value,
    }
    if table.classes:
        entry["classes"] = list(table.classes)
    return {**entry, "source": table.source}
