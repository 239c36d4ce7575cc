"""Notes on the canvas: edits that write, move and remove them. No number depends on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.core.problems import DocumentError
from engine.document.document import Document, Note
from engine.document.wording import cleaned

MOST_TEXT = 2000
"""Characters of a note."""
MOST_NOTES = 400
NARROWEST, WIDEST = 60.0, 1200.0


def note(document: Document, id: str) -> Note:
    """The note of that id; raises ``DocumentError`` if there is none."""
    for each in document.notes:
        if each.id == id:
            return each
    raise DocumentError("That note is no longer there.")


def note_on(document: Document, layer: str, unit: int | None = None) -> Note | None:
    """The note that is attached to a layer or to one of its units."""
    return next((each for each in document.notes if (each.layer, each.unit) == (layer, unit)), None)


def add_note(
    document: Document,
    *,
    text: str,
    x: float = 0.0,
    y: float = 0.0,
    layer: str = "",
    unit: int | None = None,
    width: float = 220.0,
) -> Document:
    """A note that stands somewhere, or one attached to a layer or a unit."""
    if len(document.notes) >= MOST_NOTES:
        raise DocumentError(f"A network has at most {MOST_NOTES} notes.")
    if layer:
        if unit is not None and unit not in document.layer(layer).units:
            raise DocumentError(f"Layer '{layer}' has no unit {unit}.", layer)
        document.layer(layer)
        if note_on(document, layer, unit) is not None:
            raise DocumentError("There is a note here already.", layer)
    made = Note(_fresh_id(document), _checked(text), x, y, _wide(width), layer, unit if layer else None)
    return replace(document, notes=(*document.notes, made))


def write_note(document: Document, *, id: str, text: str) -> Document:
    """Another text; the note goes when there is none."""
    old = note(document, id)
    if not cleaned(text, lines=True):
        return remove_notes(document, ids=(id,))
    return _with(document, replace(old, text=_checked(text)))


def move_notes(document: Document, *, places: Mapping[str, tuple[float, float]]) -> Document:
    """Notes to other places."""
    moved = (
        replace(each, x=places[each.id][0], y=places[each.id][1]) if each.id in places else each
        for each in document.notes
    )
    return replace(document, notes=tuple(moved))


def size_note(document: Document, *, id: str, width: float) -> Document:
    """The lines of a note end elsewhere."""
    return _with(document, replace(note(document, id), width=_wide(width)))


def remove_notes(document: Document, *, ids: Iterable[str]) -> Document:
    """These notes go."""
    gone = frozenset(ids)
    return replace(document, notes=tuple(each for each in document.notes if each.id not in gone))


def tidied(document: Document) -> Document:
    """Notes on layers and units that are gone go with them."""
    if not any(each.layer for each in document.notes):
        return document
    units = {each.id: each.units for each in document.layers}

    def there(each: Note) -> bool:
        if not each.layer:
            return True
        return each.layer in units and (each.unit is None or each.unit in units[each.layer])

    kept = tuple(filter(there, document.notes))
    return document if len(kept) == len(document.notes) else replace(document, notes=kept)


def _with(document: Document, changed: Note) -> Document:
    return replace(
        document, notes=tuple(changed if each.id == changed.id else each for each in document.notes)
    )


def _fresh_id(document: Document) -> str:
    taken, number = {each.id for each in document.notes}, 1
    while f"note{number}" in taken:
        number += 1
    return f"note{number}"


def _checked(text: str) -> str:
    text = cleaned(text, lines=True)
    if not text:
        raise DocumentError("A note needs some text.")
    if len(text) > MOST_TEXT:
        raise DocumentError(f"A note has at most {MOST_TEXT} characters, not {len(text)}: shorten it.")
    return text


def _wide(width: float) -> float:
    return min(WIDEST, max(NARROWEST, width)) if width == width else 220.0
