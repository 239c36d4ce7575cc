"""What an output becomes in a network that has one already: there can be only one end."""

from __future__ import annotations

from engine.core.knobs import knobs
from engine.core.spec import Spec
from engine.document import Document
from engine.layers import layers


def instead_of_outputs(document: Document, piece: Document) -> dict[str, Spec]:
    """For each output of a piece that is one too many the hidden kind with the same settings, by its id."""
    there = any(_is_output(each.spec) for each in document.layers)
    found: dict[str, Spec] = {}
    for each in piece.layers:
        if not _is_output(each.spec):
            continue
        if there:
            found[each.id] = hidden_instead(each.spec)
        there = True
    return found


def hidden_instead(spec: Spec) -> Spec:
    """The kind that an output is made from (dense), with all its settings written out."""
    made = layers.make(spec)
    for cls in type(made).__mro__[1:]:
        kind = getattr(cls, "kind", "")
        if isinstance(kind, str) and kind in layers and layers[kind] is cls and cls.role == "hidden":
            return Spec.of(kind, **{each.name: getattr(made, each.name) for each in knobs(cls)})
    return spec


def _is_output(spec: Spec) -> bool:
    return spec.kind in layers and layers[spec.kind].role == "output"
