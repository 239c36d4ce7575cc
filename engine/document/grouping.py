"""Groups of layers: which there are, and the edits that make, rename and dissolve them.

A group is a name that its layers have in common, ``Encoder``, or ``Encoder/Block 1`` for one within
another. No number depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from engine.core.problems import DocumentError
from engine.document.document import Document, Layer
from engine.document.wording import cleaned

LONGEST = 80
"""Characters of a group's name, those around it included."""


@lru_cache(maxsize=4096)
def parts(group: str) -> tuple[str, ...]:
    """The group itself and those around it, the outermost first."""
    names = [name for name in group.split("/") if name]
    return tuple("/".join(names[:count]) for count in range(1, len(names) + 1))


def within(group: str, path: str) -> bool:
    """Whether a group is the one of that path or lies in it."""
    return path in parts(group)


def title_of(path: str) -> str:
    """What a group is called within the one around it."""
    return path.rpartition("/")[2]


def groups(document: Document) -> tuple[str, ...]:
    """All groups, outer ones before those within them."""
    found = {part for each in document.layers for part in parts(each.group)}
    return tuple(sorted(found, key=lambda path: (path.count("/"), path)))


def members(document: Document, path: str) -> frozenset[str]:
    """The layers of a group, those of the groups within it included."""
    return frozenset(each.id for each in document.layers if within(each.group, path))


def group_of(document: Document, layers: Iterable[str]) -> str:
    """The innermost group that all these layers are in; empty if there is none."""
    chains = [parts(document.layer(id).group) for id in layers]
    if not chains:
        return ""
    shared = [path for path in chains[0] if all(path in chain for chain in chains)]
    return shared[-1] if shared else ""


def fresh_name(document: Document, stem: str, around: str = "") -> str:
    """A name that no group has there: ``Group 1``, ``Group 2``."""
    taken, number = set(groups(document)), 1
    while joined(around, f"{stem} {number}") in taken:
        number += 1
    return f"{stem} {number}"


def joined(around: str, name: str) -> str:
    """The path of a group within another one."""
    return f"{around}/{name}" if around else name


# -------------------------------------------------------------------- edits


def group_layers(document: Document, *, layers: Iterable[str], name: str) -> Document:
    """These layers into a group of their own, within the innermost one that they have in common.

    A group of that name that is there already takes them in.
    """
    chosen = frozenset(layers)
    if not chosen:
        raise DocumentError("Select the layers that are to be a group.")
    around = group_of(document, chosen)
    path = joined(around, _checked(name))

    def put(layer: Layer) -> Layer:
        rest = "/".join(parts(layer.group)[-1:]).removeprefix(around).strip("/")
        return replace(layer, group=_short(joined(path, rest) if rest else path))

    made = tuple(put(each) if each.id in chosen else each for each in document.layers)
    return _tidied(replace(document, layers=made, folded=document.folded - {path}))


def put_in_group(document: Document, *, layers: Iterable[str], path: str) -> Document:
    """These layers into the group of that path, Encoder/Block 1, which may be new; into none if empty."""
    names = [_checked(each) for each in path.split("/") if cleaned(each)]
    group, chosen = _short("/".join(names)), frozenset(layers)
    made = tuple(replace(each, group=group) if each.id in chosen else each for each in document.layers)
    return _tidied(replace(document, layers=made))


def ungroup(document: Document, *, path: str) -> Document:
    """The group is dissolved; its layers, and the groups within it, belong to the one around it."""
    if not members(document, path):
        raise DocumentError(f"There is no group '{title_of(path)}'.")
    return _moved(document, path, path.rpartition("/")[0])


def ungroup_layers(document: Document, *, layers: Iterable[str]) -> Document:
    """The outermost groups that are selected as a whole are dissolved; without one, these layers
    leave the innermost group that they are in."""
    chosen = frozenset(layers)
    whole = [path for path in groups(document) if members(document, path) <= chosen]
    outer = [path for path in whole if not any(path != each and within(path, each) for each in whole)]
    if outer:
        for path in sorted(outer, key=lambda each: -each.count("/")):
            document = ungroup(document, path=path)
        return document
    inside = [each for each in document.layers if each.id in chosen and each.group]
    if not inside:
        raise DocumentError("None of these layers is in a group.")
    left = {each.id: replace(each, group=each.group.rpartition("/")[0]) for each in inside}
    return _tidied(replace(document, layers=tuple(left.get(each.id, each) for each in document.layers)))


def rename_group(document: Document, *, path: str, name: str) -> Document:
    """The group gets another name."""
    if not members(document, path):
        raise DocumentError(f"There is no group '{title_of(path)}'.")
    name = _checked(name)
    new = joined(path.rpartition("/")[0], name)
    if new == path:
        return document
    if new in groups(document):
        raise DocumentError(f"There is a group '{name}' here already: choose another name.")
    return _moved(document, path, new)


def _moved(document: Document, old: str, new: str) -> Document:
    """What was called ``old`` or lay in it is called ``new`` or lies in that."""

    def path(group: str) -> str:
        if not within(group, old):
            return group
        rest = parts(group)[-1].removeprefix(old).strip("/")
        return _short("/".join(each for each in (new, rest) if each))

    made = tuple(replace(each, group=path(each.group)) if each.group else each for each in document.layers)
    dissolved = len(parts(new)) < len(parts(old))
    folded = frozenset(path(each) for each in document.folded if each != old or not dissolved)
    return _tidied(replace(document, layers=made, folded=folded))


def _tidied(document: Document) -> Document:
    """Nothing is folded that is not there."""
    return replace(document, folded=document.folded & frozenset(groups(document)))


def _checked(name: str) -> str:
    """A name as it can be kept; a group within a group is another edit, so that it holds no stroke."""
    name = cleaned(name.replace("/", " "))
    if not name:
        raise DocumentError("A group needs a name.")
    return name[:LONGEST].rstrip()


def _short(path: str) -> str:
    if len(path) > 10 * LONGEST:
        raise DocumentError("These groups lie too deep in one another: use shorter names.")
    return path
