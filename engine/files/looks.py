"""What a file says of the looks of a network: its notes, and which groups are folded."""

from __future__ import annotations

from engine.document import Layer, Note
from engine.document.grouping import parts
from engine.files.problems import Wrong, shown
from engine.files.schema import NoteEntry, ProjectEntry


def notes_of(entry: ProjectEntry, layers: tuple[Layer, ...]) -> tuple[Note, ...]:
    """The notes; raises ``Wrong`` where one is attached to what is not there."""
    known = {each.id: each for each in layers}
    taken = {each.id for each in entry.notes if each.id is not None}
    made: list[Note] = []
    for number, each in enumerate(entry.notes):
        where = f"notes[{number}]"
        id = each.id or _unused(taken)
        taken.add(id)
        if any(other.id == id for other in made):
            raise Wrong(f"{where}: there are two notes called '{id}'")
        _check_layer(each, known, where)
        layer = each.layer or ""
        if layer and any((other.layer, other.unit) == (layer, each.unit) for other in made):
            raise Wrong(f"{where}: there are two notes at the same place of '{layer}'")
        made.append(Note(id, each.text, each.x, each.y, each.width, layer, each.unit))
    return tuple(made)


def folded_of(entry: ProjectEntry, layers: tuple[Layer, ...]) -> frozenset[str]:
    """The folded groups; raises ``Wrong`` where one is not there."""
    known = {part for each in layers for part in parts(each.group)}
    for number, path in enumerate(entry.folded):
        if path not in known:
            raise Wrong(f"folded[{number}]: there is no group {shown(path)}")
    return frozenset(entry.folded)


def _check_layer(each: NoteEntry, known: dict[str, Layer], where: str) -> None:
    if each.layer is None:
        if each.unit is not None:
            raise Wrong(f"{where}: a note on a unit needs the layer that the unit is in")
        return
    if each.layer not in known:
        raise Wrong(f"{where}: there is no layer '{each.layer}'")
    if each.unit is not None and each.unit not in known[each.layer].units:
        raise Wrong(f"{where}: layer '{each.layer}' has no unit {each.unit}")


def _unused(taken: set[str]) -> str:
    number = 1
    while f"note{number}" in taken:
        number += 1
    return f"note{number}"
