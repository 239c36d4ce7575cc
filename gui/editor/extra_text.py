"""What is said of groups, notes and fold signs: on the card beside the mouse, and by a screen reader."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QCoreApplication

from engine.core.shapes import spoken
from engine.document import Document
from engine.document.grouping import members, title_of
from gui.editor.commands import layer_title
from gui.editor.marks import Kind, Thing
from gui.editor.scene import NetworkScene

translate = QCoreApplication.translate
LONGEST = 600
"""Characters of a note on a card."""
MOST_NAMES = 12
"""Layers that a card lists."""


def card_of_extra(thing: Thing, network: NetworkScene) -> str:
    """Rich text for the card; empty where there is nothing to say that is not on the canvas already."""
    document = network.geometry.document
    if thing.kind is Kind.NOTE:
        return _note(document, thing.note)
    if thing.kind is Kind.FOLD:
        folded = document.layer(thing.layer).folded if thing.layer else thing.group in document.folded
        said = translate("Canvas", "Click to unfold") if folded else translate("Canvas", "Click to fold")
        return f"{escape(said)} (F)"
    place = network.geometry.folds.get(thing.group)
    if place is None:
        return ""
    names = [escape(layer_title(document, id)) for id in place.layers[:MOST_NAMES]]
    more = len(place.layers) - len(names)
    if more:
        names.append(escape(translate("Canvas", "{count} more").format(count=more)))
    hint = escape(translate("Canvas", "Double click to unfold"))
    return f"<b>{escape(place.title)}</b><br>{'<br>'.join(names)}<br><i>{hint}</i>"


def described_extra(thing: Thing, network: NetworkScene) -> str:
    """What a screen reader says."""
    document = network.geometry.document
    if thing.kind is Kind.NOTE:
        note = next((each for each in document.notes if each.id == thing.note), None)
        if note is None:
            return ""
        if not note.layer:
            return translate("Canvas", "Note: {text}").format(text=note.text)
        words = translate("Canvas", "Note on {layer}: {text}")
        return words.format(layer=layer_title(document, note.layer), text=note.text)
    place = network.geometry.folds.get(thing.group)
    count = len(members(document, thing.group))
    words = translate("Canvas", "Group {name}, {count} layers")
    if place is not None:
        words = translate("Canvas", "Folded group {name}, {count} layers, gives {shape}")
    shapes = ", ".join(spoken(each) for each in place.shapes) if place is not None else ""
    return words.format(name=title_of(thing.group), count=count, shape=shapes)


def end_title(network: NetworkScene, layer: str) -> str:
    """What the end of a line is called: the layer, or the folded group that it is in."""
    place = network.geometry.folds.get(network.geometry.fold_of(layer))
    return layer_title(network.geometry.document, layer) if place is None else place.title


def extra_stops(network: NetworkScene) -> list[Thing]:
    """Where Tab stops besides layers and what is in them: groups that are folded or framed, and notes."""
    paths = dict.fromkeys([*network.enclosures.nodes, *(e.enclosure.path for e in network.enclosures.items)])
    stops: list[Thing] = []
    for path in paths:
        stops.append(Thing(Kind.GROUP, group=path))
        if path in network.geometry.folds:
            inside = network.geometry.folds[path].layers
            stops += [Thing(Kind.TRUNK, wire=trunk) for trunk in network.trunks.into(*inside)]
    notes = (*network.extras.slips, *network.extras.signs.signs)
    return stops + [Thing(Kind.NOTE, note=id) for id in notes]


def _note(document: Document, id: str) -> str:
    note = next((each for each in document.notes if each.id == id), None)
    if note is None or not note.layer:
        return ""
    text = note.text if len(note.text) <= LONGEST else note.text[:LONGEST].rstrip() + " …"
    return escape(text).replace("\n", "<br>")
