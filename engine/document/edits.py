"""Edits: small pure functions from a document to the next one.

Each takes what it changes by keyword and raises ``DocumentError`` with one sentence where the
edit makes no sense. None knows of learned numbers: ``engine.learned.carried`` keeps those that
survive, by the stable keys of the units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.core.problems import DocumentError
from engine.core.spec import Spec, Value
from engine.datasets.base import Data
from engine.document import notes
from engine.document.document import Connection, Document, Layer

MOST_UNITS = 4096
"""More units than this in one layer are refused."""

RESERVED = frozenset({"loss", "optimizer"})
"""Owners of arrays that are not layers."""


def fresh_id(document: Document, stem: str) -> str:
    """An id that no layer has: ``hidden``, ``hidden2``, ``hidden3``."""
    taken = {each.id for each in document.layers}
    if stem not in taken:
        return stem
    number = 2
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def add_layer(
    document: Document,
    *,
    spec: Spec,
    id: str = "",
    units: int = 1,
    x: float = 0.0,
    y: float = 0.0,
    name: str = "",
) -> Document:
    """A new layer on empty ground, not connected yet."""
    _check_units(units)
    made = Layer(id or fresh_id(document, spec.kind), spec, tuple(range(units)), name, x, y)
    if made.id in RESERVED or "." in made.id or ">" in made.id:
        raise DocumentError(f"A layer cannot have the id '{made.id}'.")
    if document.has(made.id):
        raise DocumentError(f"There is a layer '{made.id}' already.", made.id)
    return replace(document, layers=(*document.layers, made))


def remove_layer(document: Document, *, layer: str) -> Document:
    """The layer and its connections go."""
    document.layer(layer)
    left = replace(
        document,
        layers=tuple(each for each in document.layers if each.id != layer),
        connections=tuple(each for each in document.connections if layer not in (each.source, each.target)),
    )
    return notes.tidied(left)


def insert_layer(
    document: Document,
    *,
    source: str,
    target: str,
    spec: Spec,
    id: str = "",
    units: int = 1,
    x: float = 0.0,
    y: float = 0.0,
) -> Document:
    """A layer into a connection: at its target it stands where the connection stood among the others."""
    old = document.connection(source, target)
    if old is None:
        raise DocumentError("There is no connection to put a layer into.", target)
    made = add_layer(document, spec=spec, id=id, units=units, x=x, y=y)
    new = made.layers[-1].id
    wires: list[Connection] = []
    for each in made.connections:
        wires += [Connection(source, new), Connection(new, target)] if each is old else [each]
    made = replace(made, connections=tuple(wires))
    for wire in made.incoming(new) + made.outgoing(new):
        check_connection(made, source=wire.source, target=wire.target)
    return made


def bridge_layer(document: Document, *, layer: str) -> Document:
    """The layer goes, and what fed it feeds what it fed."""
    before, behind = document.incoming(layer), document.outgoing(layer)
    if not before or not behind:
        raise DocumentError("This layer does not stand between others.", layer)
    wires: list[Connection] = []
    for each in document.connections:
        if each.source != layer:
            wires.append(each)
            continue
        new = (Connection(one.source, each.target) for one in before)
        wires += [one for one in new if document.connection(one.source, one.target) is None]
    made = replace(document, connections=tuple(wires))
    return remove_layer(made, layer=layer)


def move_layers(document: Document, *, places: dict[str, tuple[float, float]]) -> Document:
    """Layers to other places on the canvas."""
    moved = (
        replace(each, x=places[each.id][0], y=places[each.id][1]) if each.id in places else each
        for each in document.layers
    )
    return replace(document, layers=tuple(moved))


def rename_layer(document: Document, *, layer: str, name: str) -> Document:
    """What a layer is called on the canvas."""
    return document.with_layer(replace(document.layer(layer), name=name[:80]))


def set_units(document: Document, *, layer: str, units: int) -> Document:
    """More units at the end of the layer, or fewer from its end."""
    _check_units(units)
    old = document.layer(layer)
    while old.size < units:
        old = _grown(old)
    return _with_units(document, layer, old.units[:units])


def add_unit(document: Document, *, layer: str, at: int | None = None) -> Document:
    """One unit more, at the end or before place ``at``."""
    old = document.layer(layer)
    _check_units(old.size + 1)
    keys = list(old.units)
    keys.insert(len(keys) if at is None else at, max(keys, default=-1) + 1)
    return _with_units(document, layer, tuple(keys))


def remove_units(document: Document, *, layer: str, keys: Iterable[int]) -> Document:
    """Units go by their keys; with the last unit the layer goes too."""
    gone = set(keys)
    left = tuple(key for key in document.layer(layer).units if key not in gone)
    return _with_units(document, layer, left) if left else remove_layer(document, layer=layer)


def connect(document: Document, *, source: str, target: str) -> Document:
    """All synapses from one layer to another; those that were cut heal."""
    check_connection(document, source=source, target=target)
    old = document.connection(source, target)
    if old is not None:
        return _with_connection(document, replace(old, cut=frozenset()))
    return replace(document, connections=(*document.connections, Connection(source, target)))


def check_connection(document: Document, *, source: str, target: str) -> None:
    """Raises ``DocumentError`` with the reason where two layers cannot be connected."""
    if source == target:
        raise DocumentError("A layer cannot feed itself without a delay.", target)
    if document.layer(target).spec.kind == "input":
        raise DocumentError("An input takes its numbers from the data, not from another layer.", target)
    if document.layer(source).spec.kind == "output":
        raise DocumentError("The output is the end of the network: nothing follows it.", source)
    if document.reaches(target, source):
        raise DocumentError("This would close a circle, and a signal would run round it for ever.", target)


def draw_synapse(document: Document, *, source: str, sender: int, target: str, receiver: int) -> Document:
    """One synapse between two units (by key); a new connection has only this one."""
    check_connection(document, source=source, target=target)
    _check_units_there(document, source, sender, target, receiver)
    old = document.connection(source, target)
    cell = (receiver, sender)
    if old is not None:
        return _with_connection(document, replace(old, cut=old.cut - {cell}))
    everything = {(to, come) for to in document.layer(target).units for come in document.layer(source).units}
    made = Connection(source, target, frozenset(everything - {cell}))
    return replace(document, connections=(*document.connections, made))


def cut_synapse(document: Document, *, source: str, sender: int, target: str, receiver: int) -> Document:
    """One synapse goes; with the last one the connection goes too."""
    old = document.connection(source, target)
    if old is None:
        raise DocumentError("There is no synapse to cut.", target)
    _check_units_there(document, source, sender, target, receiver)
    made = replace(old, cut=old.cut | {(receiver, sender)}, locked=old.locked - {(receiver, sender)})
    if len(made.cut) >= document.layer(source).size * document.layer(target).size:
        return disconnect(document, source=source, target=target)
    return _with_connection(document, made)


def lock_synapse(
    document: Document, *, source: str, sender: int, target: str, receiver: int, locked: bool = True
) -> Document:
    """Training leaves a locked weight as it is."""
    old = document.connection(source, target)
    if old is None or (receiver, sender) in old.cut:
        raise DocumentError("There is no synapse to lock.", target)
    _check_units_there(document, source, sender, target, receiver)
    cell = {(receiver, sender)}
    return _with_connection(document, replace(old, locked=old.locked | cell if locked else old.locked - cell))


def disconnect(document: Document, *, source: str, target: str) -> Document:
    """All synapses between two layers go."""
    left = tuple(each for each in document.connections if (each.source, each.target) != (source, target))
    return replace(document, connections=left)


def set_knob(document: Document, *, layer: str, name: str, value: Value) -> Document:
    """One setting of a layer's kind."""
    old = document.layer(layer)
    return document.with_layer(replace(old, spec=old.spec.with_(**{name: value})))


def set_layer(
    document: Document, *, layer: str, frozen: bool | None = None, group: str | None = None
) -> Document:
    """Whether training leaves the layer's parameters as they are, and the group it belongs to."""
    old = document.layer(layer)
    return document.with_layer(
        replace(
            old,
            frozen=old.frozen if frozen is None else frozen,
            group=old.group if group is None else group.strip()[:80],
        )
    )


def set_loss(document: Document, *, spec: Spec) -> Document:
    """Another loss, or other settings of it."""
    return replace(document, loss=spec)


def set_optimizer(document: Document, *, spec: Spec) -> Document:
    """Another optimizer, or other settings of it."""
    return replace(document, optimizer=spec)


def set_training(document: Document, **changes: Value) -> Document:
    """Batch size, shuffling or the seed."""
    size = changes.get("batch_size")
    if isinstance(size, int) and size < 1:
        raise DocumentError(f"A batch has at least 1 example, not {size}.")
    return replace(document, training=replace(document.training, **changes))  # type: ignore[arg-type]


def set_data(document: Document, *, spec: Spec, table: Data | None = None) -> Document:
    """Another data set and nothing else; ``engine.fitting`` fits the network to it."""
    return replace(document, data=spec, table=table)


def rename(document: Document, *, name: str) -> Document:
    """What the network is called."""
    return replace(document, name=name[:80])


def _check_units(units: int) -> None:
    if not 1 <= units <= MOST_UNITS:
        raise DocumentError(f"A layer has between 1 and {MOST_UNITS} units, not {units}.")


def _check_units_there(document: Document, source: str, sender: int, target: str, receiver: int) -> None:
    for layer, unit in ((source, sender), (target, receiver)):
        if unit not in document.layer(layer).units:
            raise DocumentError(f"Layer '{layer}' has no unit {unit}.", layer)


def _grown(layer: Layer) -> Layer:
    return replace(layer, units=(*layer.units, max(layer.units, default=-1) + 1))


def _with_units(document: Document, id: str, units: tuple[int, ...]) -> Document:
    """The layer with other units; cuts and locks of units that are gone go with them.

    A connection of which only cut synapses would be left goes too.
    """
    document = notes.tidied(document.with_layer(replace(document.layer(id), units=units)))
    stay = set(units)

    def kept(connection: Connection) -> Connection:
        if id not in (connection.source, connection.target):
            return connection

        def valid(cell: tuple[int, int]) -> bool:
            receiver, sender = cell
            return (connection.target != id or receiver in stay) and (
                connection.source != id or sender in stay
            )

        return replace(
            connection,
            cut=frozenset(filter(valid, connection.cut)),
            locked=frozenset(filter(valid, connection.locked)),
        )

    def alive(connection: Connection) -> bool:
        ends = document.layer(connection.source).size * document.layer(connection.target).size
        return len(connection.cut) < ends

    connections = (kept(each) for each in document.connections)
    return replace(document, connections=tuple(each for each in connections if alive(each)))


def _with_connection(document: Document, connection: Connection) -> Document:
    connections = tuple(connection if each.id == connection.id else each for each in document.connections)
    return replace(document, connections=connections)
