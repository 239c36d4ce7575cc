"""Folding: a layer drawn as one block, a group drawn as one node. No number depends on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.core.problems import DocumentError
from engine.document.document import Document
from engine.document.grouping import members, parts, title_of


def fold_layers(document: Document, *, layers: Iterable[str], folded: bool = True) -> Document:
    """These layers drawn as blocks, or by their neurons again."""
    chosen = frozenset(layers)
    for id in chosen:
        document.layer(id)
    made = (replace(each, folded=folded) if each.id in chosen else each for each in document.layers)
    return replace(document, layers=tuple(made))


def fold_group(document: Document, *, path: str, folded: bool = True) -> Document:
    """A group drawn as one node, or by its layers again."""
    if not members(document, path):
        raise DocumentError(f"There is no group '{title_of(path)}'.")
    return replace(document, folded=document.folded | {path} if folded else document.folded - {path})


def folded_into(document: Document) -> dict[str, str]:
    """For each layer that is not drawn itself the outermost folded group that it is in."""
    if not document.folded:
        return {}
    found: dict[str, str] = {}
    for each in document.layers:
        path = next((part for part in parts(each.group) if part in document.folded), "")
        if path:
            found[each.id] = path
    return found
