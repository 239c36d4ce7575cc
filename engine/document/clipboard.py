"""Copies of layers and neurons: a piece taken out of a document, and put into one again.

Pure functions on documents. What was learned goes along by the names given here
(``engine.learned.settled`` and ``twinned``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document.document import Cell, Connection, Document, Note, Training
from engine.document.edits import MOST_UNITS, fresh_id

NONE: Mapping[str, Spec] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A piece of a network with its weights: ``document`` has layers and connections and no more."""

    document: Document
    parameters: Mapping[str, Array] = field(default_factory=dict)
    initial: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Put:
    """A document with something put in."""

    document: Document
    names: Mapping[str, str]
    """The new layers' ids by those they are copies of."""
    units: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """For each layer that has twins the keys of the new units, each with the one it is the twin of."""
    notes: frozenset[str] = frozenset()
    """The new notes."""


def taken(
    document: Document,
    *,
    layers: Collection[str] = (),
    units: Iterable[tuple[str, int]] = (),
    notes: Collection[str] = (),
) -> Document:
    """The layers, the single units of others as smaller layers, and all synapses among them.

    A note comes with what it is attached to; one of ``notes`` comes without it, too, and stands free then.
    """
    chosen: dict[str, set[int]] = {id: set(document.layer(id).units) for id in layers}
    for layer, key in units:
        if layer not in layers and key in document.layer(layer).units:
            chosen.setdefault(layer, set()).add(key)
    if not chosen and not notes:
        raise DocumentError("There is nothing to copy: select layers or neurons first.")
    pieces = tuple(
        replace(each, units=tuple(key for key in each.units if key in chosen[each.id]))
        for each in document.layers
        if each.id in chosen
    )
    wires = (each for each in document.connections if each.source in chosen and each.target in chosen)
    kept = (_within(each, chosen) for each in wires)
    sizes = {each.id: each.size for each in pieces}
    groups = {each.group for each in pieces}
    return Document(
        name=document.name,
        layers=pieces,
        connections=tuple(each for each in kept if len(each.cut) < sizes[each.source] * sizes[each.target]),
        training=Training(seed=document.training.seed, precision=document.training.precision),
        folded=frozenset(each for each in document.folded if each in groups),
        notes=tuple(_notes_taken(document, chosen, notes)),
    )


def put(
    document: Document,
    piece: Document,
    *,
    dx: float = 0.0,
    dy: float = 0.0,
    instead: Mapping[str, Spec] = NONE,
) -> Put:
    """A piece put into a document: with ids, names and groups of its own, and keys counted anew.

    ``instead`` has, by their ids in the piece, what layers become that there can be only one of.
    """
    made = document
    names: dict[str, str] = {}
    groups = _fresh_groups(document, piece)
    for each in piece.layers:
        id = fresh_id(made, _stem("hidden" if each.id in instead else each.id, made))
        names[each.id] = id
        layer = replace(
            each, id=id, spec=instead.get(each.id, each.spec), units=tuple(range(each.size)),
            name=_name(each.name, made), x=each.x + dx, y=each.y + dy, group=_regrouped(each.group, groups),
        )  # fmt: skip
        made = replace(made, layers=(*made.layers, layer))
    made = replace(made, folded=made.folded | {_regrouped(each, groups) for each in piece.folded})
    made = _noted(_wired(made, piece, names), piece, names, dx, dy)
    return Put(made, names, notes=frozenset(each.id for each in made.notes[len(document.notes) :]))


def duplicated(
    document: Document,
    *,
    layers: Collection[str],
    units: Iterable[tuple[str, int]] = (),
    dx: float = 0.0,
    dy: float = 0.0,
    instead: Mapping[str, Spec] = NONE,
) -> Put:
    """Copies beside the originals. A layer's copy is fed by what feeds the original, and feeds nothing
    outside yet: so no prediction changes. A single neuron's twin has the same synapses on both sides."""
    single: dict[str, list[int]] = {}
    for layer, key in units:
        if layer not in layers:
            single.setdefault(layer, []).append(key)
    if not layers and not single:
        raise DocumentError("There is nothing to duplicate: select layers or neurons first.")
    found = Put(document, {})
    if layers:
        found = put(document, taken(document, layers=layers), dx=dx, dy=dy, instead=instead)
    made = found.document
    new = [
        Connection(wire.source, id, *_counted_anew(wire, document, target_only=True))
        for old, id in found.names.items()
        for wire in document.incoming(old)
        if wire.source not in found.names
    ]
    made = replace(made, connections=(*made.connections, *new))
    twins: dict[str, Mapping[int, int]] = {}
    for layer, keys in single.items():
        made, twins[layer] = _with_twins(made, layer, keys)
    return Put(made, found.names, twins, found.notes)


def _with_twins(document: Document, layer: str, keys: Collection[int]) -> tuple[Document, dict[int, int]]:
    """New units below the last of those they are twins of, with the same cut and locked synapses."""
    old = document.layer(layer)
    originals = [key for key in old.units if key in keys]
    if old.size + len(originals) > MOST_UNITS:
        raise DocumentError(f"A layer has at most {MOST_UNITS} units.", layer)
    first = max(old.units, default=-1) + 1
    twins = {first + place: key for place, key in enumerate(originals)}
    at = old.unit(originals[-1]) + 1 if originals else old.size
    made = document.with_layer(replace(old, units=(*old.units[:at], *twins, *old.units[at:])))

    def more(wire: Connection, cells: frozenset[Cell]) -> frozenset[Cell]:
        if wire.target == layer:
            return cells | {(twin, s) for r, s in cells for twin, key in twins.items() if key == r}
        return cells | {(r, twin) for r, s in cells for twin, key in twins.items() if key == s}

    wires = tuple(
        replace(each, cut=more(each, each.cut), locked=more(each, each.locked))
        if layer in (each.source, each.target)
        else each
        for each in made.connections
    )
    return replace(made, connections=wires), twins


def _wired(document: Document, piece: Document, names: Mapping[str, str]) -> Document:
    """The document with the piece's connections under their new names."""
    new = tuple(
        Connection(names[each.source], names[each.target], *_counted_anew(each, piece))
        for each in piece.connections
    )
    return replace(document, connections=(*document.connections, *new))


def _notes_taken(
    document: Document, chosen: Mapping[str, set[int]], wanted: Collection[str]
) -> Iterator[Note]:
    for each in document.notes:
        if each.layer in chosen and (each.unit is None or each.unit in chosen[each.layer]):
            yield each
        elif each.id in wanted and each.layer:
            beside = document.layer(each.layer)
            yield replace(each, layer="", unit=None, x=beside.x, y=beside.y)
        elif each.id in wanted:
            yield each


def _noted(document: Document, piece: Document, names: Mapping[str, str], dx: float, dy: float) -> Document:
    """The document with the notes of the piece, those that stand free and those attached to its layers."""
    ids = {each.id for each in document.notes}
    new = []
    for each in piece.notes:
        if each.layer and each.layer not in names:
            continue
        number = next(n for n in count(1) if f"note{n}" not in ids)
        ids.add(f"note{number}")
        if not each.layer:
            new.append(replace(each, id=f"note{number}", x=each.x + dx, y=each.y + dy))
            continue
        unit = None if each.unit is None else piece.layer(each.layer).unit(each.unit)
        new.append(replace(each, id=f"note{number}", layer=names[each.layer], unit=unit))
    return replace(document, notes=(*document.notes, *new))


def _counted_anew(
    wire: Connection, piece: Document, *, target_only: bool = False
) -> tuple[frozenset[Cell], frozenset[Cell]]:
    """Cut and locked synapses where the units' keys are counted from 0."""
    receivers = {key: place for place, key in enumerate(piece.layer(wire.target).units)}
    senders = {key: place for place, key in enumerate(piece.layer(wire.source).units)}

    def anew(cells: frozenset[Cell]) -> frozenset[Cell]:
        return frozenset((receivers[r], s if target_only else senders[s]) for r, s in cells)

    return anew(wire.cut), anew(wire.locked)


def _within(wire: Connection, chosen: Mapping[str, set[int]]) -> Connection:
    def there(cell: Cell) -> bool:
        return cell[0] in chosen[wire.target] and cell[1] in chosen[wire.source]

    return replace(wire, cut=frozenset(filter(there, wire.cut)), locked=frozenset(filter(there, wire.locked)))


def _stem(id: str, document: Document) -> str:
    """``hidden`` of ``hidden2``: copies are counted on, not ``hidden22``."""
    return (id.rstrip("0123456789").rstrip("-_") or id) if document.has(id) else id


def _name(name: str, document: Document) -> str:
    """A name that no layer has: ``Encoder``, ``Encoder 2``."""
    return _unused(name, {each.name for each in document.layers})


def _unused(name: str, taken: Collection[str]) -> str:
    if not name or name not in taken:
        return name
    head, _, last = name.rpartition(" ")
    stem = head if head and last.isdigit() else name
    number = 2
    while f"{stem} {number}" in taken:
        number += 1
    return f"{stem} {number}"


def _fresh_groups(document: Document, piece: Document) -> dict[str, str]:
    """New names for groups that are there already, if more than one of their layers comes along.

    A single layer joins the group of its name.
    """
    there = {_outer(each.group) for each in document.layers if each.group}
    groups = [_outer(each.group) for each in piece.layers if each.group]
    return {group: _unused(group, there) for group in groups if groups.count(group) > 1}


def _outer(group: str) -> str:
    return group.partition("/")[0]


def _regrouped(group: str, names: Mapping[str, str]) -> str:
    outer, slash, inner = group.partition("/")
    return f"{names.get(outer, outer)}{slash}{inner}"
