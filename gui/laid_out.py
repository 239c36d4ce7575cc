"""The layout of a document, made once however many parts of the window ask for it."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from engine.document import Document
from engine.document.difference import difference
from engine.layout import Layout

KEPT = 4
"""Documents whose layouts are kept: the present one, and those of previews."""

_known: list[Layout] = []


def layout_of(document: Document) -> Layout:
    """Order, shapes and parameters of a document; to be read only.

    Of a document that only looks otherwise nothing is worked out again: a layer that is dragged, folded
    or written about costs no time. Raises ``DocumentError`` or another ``AxonError`` with one sentence
    where layers do not fit.
    """
    for layout in _known:
        if layout.document is document:
            return layout
    alike = next((each for each in reversed(_known) if _calculates_alike(each.document, document)), None)
    layout = Layout(document) if alike is None else _looking_like(alike, document)
    _known.append(layout)
    del _known[:-KEPT]
    return layout


def _calculates_alike(one: Document, other: Document) -> bool:
    if [each.id for each in one.layers] != [each.id for each in other.layers]:
        return False
    return difference(one, other).only_looks


def _looking_like(layout: Layout, document: Document) -> Layout:
    """The same layout with the names and places of another document."""
    twin, new = copy(layout), {each.id: each for each in document.layers}
    twin.document = document
    twin.nodes = {id: replace(node, layer=new[id]) for id, node in layout.nodes.items()}
    return twin
