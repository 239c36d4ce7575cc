"""The difference of two documents: what a view has to touch."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.document.document import Document, Layer

LOOKS = frozenset({"name", "folded", "notes"})
"""What of a document no number depends on."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Ids of layers and connections that came, went, changed or only look otherwise."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[str, ...]
    """Layers with another place, name or group, or that were folded or unfolded."""
    wires_added: tuple[str, ...]
    wires_removed: tuple[str, ...]
    wires_changed: tuple[str, ...]
    chosen: tuple[str, ...]
    """Which of name, loss, optimizer, data, table, training, folded and notes differ."""

    @property
    def only_looks(self) -> bool:
        """Whether the network calculates as before: places, names, groups, folds and notes only."""
        wires = self.wires_added or self.wires_removed or self.wires_changed
        return not (self.added or self.removed or self.changed or wires or set(self.chosen) - LOOKS)

    def __bool__(self) -> bool:
        return bool(not self.only_looks or self.moved or self.chosen)


def difference(before: Document, after: Document) -> Difference:
    """What turns one document into the other."""
    old, new = {each.id: each for each in before.layers}, {each.id: each for each in after.layers}
    wires, new_wires = (
        {each.id: each for each in before.connections},
        {each.id: each for each in after.connections},
    )
    both = [id for id in new if id in old]
    changed = tuple(id for id in both if _placeless(old[id]) != _placeless(new[id]))
    names = ("name", "loss", "optimizer", "data", "training", "folded", "notes")
    chosen = tuple(name for name in names if getattr(before, name) != getattr(after, name))
    return Difference(
        added=tuple(id for id in new if id not in old),
        removed=tuple(id for id in old if id not in new),
        changed=changed,
        moved=tuple(id for id in both if old[id] != new[id] and id not in changed),
        wires_added=tuple(id for id in new_wires if id not in wires),
        wires_removed=tuple(id for id in wires if id not in new_wires),
        wires_changed=tuple(id for id in new_wires if id in wires and wires[id] != new_wires[id]),
        chosen=(*chosen, "table") if before.table is not after.table else chosen,
    )


def _placeless(layer: Layer) -> Layer:
    return replace(layer, x=0.0, y=0.0, name="", group="", folded=False)
