"""What is selected on the canvas, by stable ids and keys."""

from __future__ import annotations

from dataclasses import dataclass

from engine.document import Document

Unit = tuple[str, int]
"""A unit: (layer id, unit key)."""
Synapse = tuple[str, int, str, int]
"""A synapse: (source layer, sending unit's key, target layer, receiving unit's key)."""


Wire = tuple[str, str]
"""A connection as a whole: (source layer, target layer)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Layers as a whole, single units, single synapses, connections that are drawn as one line, notes."""

    layers: frozenset[str] = frozenset()
    units: frozenset[Unit] = frozenset()
    synapses: frozenset[Synapse] = frozenset()
    wires: frozenset[Wire] = frozenset()
    notes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.layers or self.units or self.synapses or self.wires or self.notes)

    def __len__(self) -> int:
        parts = (self.layers, self.units, self.synapses, self.wires, self.notes)
        return sum(len(each) for each in parts)

    def with_other(self, other: Selection) -> Selection:
        """Both together."""
        return Selection(
            self.layers | other.layers,
            self.units | other.units,
            self.synapses | other.synapses,
            self.wires | other.wires,
            self.notes | other.notes,
        )

    def toggled(self, other: Selection) -> Selection:
        """What is in one of the two only."""
        return Selection(
            self.layers ^ other.layers,
            self.units ^ other.units,
            self.synapses ^ other.synapses,
            self.wires ^ other.wires,
            self.notes ^ other.notes,
        )

    @property
    def layer(self) -> str | None:
        """The one layer that the selection is about, if there is just one."""
        about = self.layers | {layer for layer, _ in self.units}
        return next(iter(about)) if len(about) == 1 else None

    def within(self, document: Document) -> Selection:
        """What of the selection is still there."""
        units = {each.id: set(each.units) for each in document.layers}

        def there(synapse: Synapse) -> bool:
            source, sender, target, receiver = synapse
            wire = document.connection(source, target)
            return (
                wire is not None
                and (receiver, sender) not in wire.cut
                and sender in units[source]
                and receiver in units[target]
            )

        return Selection(
            frozenset(each for each in self.layers if each in units),
            frozenset((layer, key) for layer, key in self.units if key in units.get(layer, ())),
            frozenset(filter(there, self.synapses)),
            frozenset(each for each in self.wires if document.connection(*each) is not None),
            self.notes & {each.id for each in document.notes},
        )
