"""From the checked entry of a file to the document: kinds, layers, connections and own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import numpy as np

from engine.activations import activations as _activations  # noqa: F401 - enters the family
from engine.augmentations import augmentations
from engine.clipping import clippings
from engine.core.knobs import checked, knobs
from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.core.registry import Registry
from engine.core.spec import Spec
from engine.data_of import TABLE
from engine.datasets import Data, datasets
from engine.datasets.arrays import read_only
from engine.datasets.base import Task
from engine.document import Connection, Document, Layer, Training
from engine.files import looks
from engine.files.problems import Wrong
from engine.files.schema import (
    ConnectionEntry,
    LayerEntry,
    ProjectEntry,
    TableEntry,
    TrainingEntry,
    specification,
)
from engine.initializers import initializers as _initializers  # noqa: F401 - enters the family
from engine.layers import layers
from engine.losses import losses
from engine.optimizers import optimizers
from engine.procedures import procedures
from engine.regularizers import regularizers
from engine.schedules import schedules

RESERVED = frozenset({"loss", "optimizer"})
"""Ids that no layer can have: arrays of the loss and the optimizer go by these names."""
ACROSS, DOWN = 220.0, 160.0
"""Between two layers on the canvas that have no place yet."""


def document_of(entry: ProjectEntry, table: Data | None, name: str) -> Document:
    """The document; raises ``Wrong`` where the parts do not make a network."""
    made = _layers(entry.layers)
    connections = _connections(entry.connections, made)
    data = entry.data
    if data is None:
        data = TABLE if table is not None else "xor"
    document = Document(
        name=name if entry.name is None else entry.name,
        layers=made,
        connections=connections,
        loss=kind_of("loss", losses, entry.loss),
        optimizer=kind_of("optimizer", optimizers, entry.optimizer),
        data=_data(data),
        table=table,
        training=_training(entry.training),
        folded=looks.folded_of(entry, made),
        notes=looks.notes_of(entry, made),
    )
    return _placed(document, entry.layers)


KINDS_OF_TRAINING: Mapping[str, Registry[Any]] = {
    "procedure": procedures,
    "schedule": schedules,
    "clipping": clippings,
    "regularizer": regularizers,
    "augmentation": augmentations,
}
"""The settings of training that hold a kind, with the family it is of."""


def _training(entry: TrainingEntry) -> Training:
    plain = {each.name: getattr(entry, each.name) for each in fields(Training)}
    kinds = {
        name: kind_of(f"training.{name}", registry, plain[name])
        for name, registry in KINDS_OF_TRAINING.items()
    }
    return Training(**{**plain, **kinds})


def kind_of(where: str, registry: Registry[Any], given: Spec | str) -> Spec:
    """The specification with its settings in the types of the knobs, checked all the way down."""
    spec = Spec(given) if isinstance(given, str) else given
    try:
        cls = registry[spec.kind]
        settings = checked(cls, dict(spec.settings))
    except AxonError as error:
        raise Wrong(f"{where}: {error}") from None
    for knob in knobs(cls):
        inner = settings.get(knob.name)
        if knob.family and isinstance(inner, Spec):
            settings[knob.name] = kind_of(f"{where}.{knob.name}", Registry.families[knob.family], inner)
    made = Spec.of(spec.kind, **settings)
    try:
        registry.make(made)
    except AxonError as error:
        raise Wrong(f"{where}: {error}") from None
    return made


def _data(given: Spec | str) -> Spec:
    spec = Spec(given) if isinstance(given, str) else given
    if spec.kind == TABLE and TABLE not in datasets:
        if spec.settings:
            raise Wrong("data: the own table has no settings")
        return spec
    return kind_of("data", datasets, spec)


# -------------------------------------------------------------------- layers


def _layers(entries: list[LayerEntry]) -> tuple[Layer, ...]:
    made: list[Layer] = []
    taken = {each.id for each in entries if each.id is not None}
    written: set[str] = set()
    for number, entry in enumerate(entries):
        where = f"layers[{number}]"
        kind = entry.kind or _kind_by_position(number, len(entries))
        extra: Mapping[str, Any] = entry.model_extra or {}
        try:
            spec = specification({"kind": kind, **extra})
        except ValueError as error:
            raise Wrong(f"{where}: {error}") from None
        spec = kind_of(where, layers, spec)
        id = entry.id
        if id is None:
            id = _unused(layers[spec.kind].stem, taken)
            taken.add(id)
        elif id in written:
            raise Wrong(f"{where}: there are two layers called '{id}'")
        if id in RESERVED:
            raise Wrong(f"{where}: a layer cannot be called '{id}'")
        written.add(id)
        made.append(
            Layer(
                id, spec, _units(entry, where), entry.name, entry.x or 0.0, entry.y or 0.0,
                entry.frozen, entry.group, entry.folded,
            )
        )  # fmt: skip
    return tuple(made)


def _kind_by_position(number: int, count: int) -> str:
    if number == 0:
        return "input"
    return "output" if number == count - 1 else "dense"


def _unused(stem: str, taken: set[str]) -> str:
    number, id = 1, stem
    while id in taken:
        number += 1
        id = f"{stem}{number}"
    return id


def _units(entry: LayerEntry, where: str) -> tuple[int, ...]:
    if entry.keys is None:
        return tuple(range(entry.units or 1))
    if len(set(entry.keys)) < len(entry.keys):
        raise Wrong(f"{where}.keys: two units have the same key")
    if entry.units is not None and entry.units != len(entry.keys):
        raise Wrong(f"{where}: there are {entry.units} units but {len(entry.keys)} keys")
    return tuple(entry.keys)


def _placed(document: Document, entries: list[LayerEntry]) -> Document:
    """Layers without a place, each right of those that feed it."""
    if all(each.x is not None and each.y is not None for each in entries):
        return document
    depth: dict[str, int] = {}
    beside: dict[int, int] = {}
    places: dict[str, tuple[float, float]] = {}
    for layer in document.order():
        column = max((depth[each.source] + 1 for each in document.incoming(layer.id)), default=0)
        depth[layer.id] = column
        row = beside.get(column, 0)
        beside[column] = row + 1
        places[layer.id] = (ACROSS * column, DOWN * row)
    moved = []
    for layer, entry in zip(document.layers, entries, strict=True):
        x, y = places[layer.id]
        moved.append(replace(layer, x=x if entry.x is None else entry.x, y=y if entry.y is None else entry.y))
    return replace(document, layers=tuple(moved))


# -------------------------------------------------------------------- connections


def _connections(entries: list[ConnectionEntry] | None, made: tuple[Layer, ...]) -> tuple[Connection, ...]:
    if entries is None:
        pairs = pairwise(made)
        entries = [ConnectionEntry(source=one.id, target=two.id) for one, two in pairs]
    known = {each.id: each for each in made}
    roles = {each.id: layers[each.spec.kind].role for each in made}
    found: dict[tuple[str, str], Connection] = {}
    for number, entry in enumerate(entries):
        where = f"connections[{number}]"
        for end in (entry.source, entry.target):
            if end not in known:
                raise Wrong(f"{where}: there is no layer '{end}'")
        if entry.source == entry.target:
            raise Wrong(f"{where}: the layer '{entry.source}' cannot feed itself")
        if roles[entry.target] == "input":
            raise Wrong(f"{where}: an input takes its numbers from the data, not from '{entry.source}'")
        if roles[entry.source] == "output":
            raise Wrong(f"{where}: the output is the end of the network, so it cannot feed '{entry.target}'")
        pair = (entry.source, entry.target)
        if pair in found:
            raise Wrong(f"{where}: there are two connections from '{entry.source}' to '{entry.target}'")
        receivers, senders = set(known[entry.target].units), set(known[entry.source].units)
        cut = _cells(entry.cut, receivers, senders, f"{where}.cut")
        locked = _cells(entry.locked, receivers, senders, f"{where}.locked")
        found[pair] = Connection(*pair, cut, locked)
    return tuple(found.values())


def _cells(
    pairs: list[list[int]], receivers: set[int], senders: set[int], where: str
) -> frozenset[tuple[int, int]]:
    for receiver, sender in pairs:
        if receiver not in receivers or sender not in senders:
            raise Wrong(f"{where}: there is no synapse [{receiver}, {sender}] (receiving unit, sending unit)")
    return frozenset((receiver, sender) for receiver, sender in pairs)


# -------------------------------------------------------------------- own data


def table_of(entry: TableEntry, rows: Array) -> Data:
    """Own data from rows (m, n + k), one an example: the one place where rows become columns."""
    k = len(entry.targets)
    n = rows.shape[1] - k
    if entry.features is not None and len(entry.features) != n:
        raise Wrong(
            f"table: {len(entry.features)} features and {k} targets in rows of {rows.shape[1]} numbers"
        )
    if n < 1:
        raise Wrong("table: a row needs at least one feature before its targets")
    X, Y = read_only(rows[:, :n].T), read_only(rows[:, n:].T)
    task = Task(entry.task) if entry.task else _task(Y)
    targets = tuple(entry.targets)
    classes = _classes(entry, task, targets, Y)
    features = tuple(entry.features) if entry.features is not None else tuple(f"x{i + 1}" for i in range(n))
    return Data(X, Y, features, targets, task, classes, entry.source)


def _task(Y: Array) -> Task:
    if len(Y) == 1:
        return Task.BINARY if _is_binary(Y) else Task.REGRESSION
    return Task.CLASSES if _is_one_hot(Y) else Task.REGRESSION


def _is_binary(Y: Array) -> bool:
    return len(Y) == 1 and bool(np.isin(Y, (0.0, 1.0)).all())


def _is_one_hot(Y: Array) -> bool:
    return bool(np.isin(Y, (0.0, 1.0)).all()) and bool((Y.sum(axis=0) == 1.0).all())


def _classes(entry: TableEntry, task: Task, targets: tuple[str, ...], Y: Array) -> tuple[str, ...]:
    given = tuple(entry.classes or ())
    if task is Task.REGRESSION:
        if given:
            raise Wrong("table: a regression has no classes")
        return ()
    if task is Task.BINARY and not _is_binary(Y):
        raise Wrong("table: a binary task needs one target that is 0 or 1 in every row")
    if task is Task.CLASSES and not _is_one_hot(Y):
        raise Wrong("table: a task of several classes needs targets that are 0 except for one 1 in every row")
    names = given or (("0", "1") if task is Task.BINARY else targets)
    count = 2 if task is Task.BINARY else len(Y)
    if len(names) != count:
        raise Wrong(f"table: there must be {count} classes, not {len(names)}")
    return names
