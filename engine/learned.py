"""What was learned: the parameters, their first values and the optimizer's memory, frozen.

It is kept apart from the document, so that an edit never throws it away: ``carried`` takes it
over to the edited document and keeps every weight whose two units are still there.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine.core.place import Unit
from engine.core.plan import Array
from engine.document import Document
from engine.initializers import initializers
from engine.layout import Layout, Slot
from engine.optimizers import optimizers

Parameters = Mapping[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Read-only arrays by key (``hidden.W.input``), in double or single precision."""

    parameters: Parameters
    initial: Parameters
    memory: Mapping[str, Parameters] = field(default_factory=dict)
    """For each vector of the optimizer the part that belongs to each parameter."""
    step: int = 0
    """Updates done."""
    clock: int = 0
    """Updates done by this optimizer."""

    def same_bits(self, other: Learned) -> bool:
        """Whether every number is the same, bit for bit."""
        return (
            (self.step, self.clock) == (other.step, other.clock)
            and _same(self.parameters, other.parameters)
            and _same(self.initial, other.initial)
            and self.memory.keys() == other.memory.keys()
            and all(_same(self.memory[name], other.memory[name]) for name in self.memory)
        )


def _same(one: Parameters, other: Parameters) -> bool:
    return one.keys() == other.keys() and all(one[key].tobytes() == other[key].tobytes() for key in one)


def frozen(array: Array) -> Array:
    """A read-only copy, contiguous."""
    copy = np.array(array, order="C")
    copy.setflags(write=False)
    return copy


def fresh(document: Document) -> Learned:
    """First weights, drawn from the document's seed; nothing learned yet."""
    layout = Layout(document)
    first = {key: _drawn(slot, layout) for key, slot in layout.slots.items()}
    return Learned(first, first, _memory(layout, first))


def restarted(document: Document, learned: Learned) -> Learned:
    """Back to the first weights, with an empty memory."""
    return Learned(learned.initial, learned.initial, _memory(Layout(document), learned.initial))


def with_weight(learned: Learned, *, key: str, index: tuple[int, ...], value: float) -> Learned:
    """One weight set by hand. Before the first update that is its first value too."""
    changed = _with_cell(learned.parameters, key, index, value)
    first = learned.initial
    if learned.step == 0:
        first = changed if first is learned.parameters else _with_cell(first, key, index, value)
    return replace(learned, parameters=changed, initial=first)


def with_initial(learned: Learned, *, key: str, index: tuple[int, ...], value: float) -> Learned:
    """The first value of one weight set by hand."""
    return replace(learned, initial=_with_cell(learned.initial, key, index, value))


def taken_along(document: Document, learned: Learned, piece: Document) -> tuple[Parameters, Parameters]:
    """The present and the first weights of a piece that is taken out of a document."""
    found = carried(document, learned, piece)
    return found.parameters, found.initial


def settled(
    learned: Learned, parameters: Parameters, initial: Parameters, names: Mapping[str, str]
) -> Learned:
    """Weights of a piece under the names that its layers have in the network they were put into."""

    def put(have: Parameters, new: Parameters) -> Parameters:
        found = {_renamed(key, names): value for key, value in new.items()}
        fits = {key for key, value in found.items() if key in have and have[key].shape == value.shape}
        return {**have, **{key: frozen(found[key].astype(have[key].dtype)) for key in fits}}

    present = put(learned.parameters, parameters)
    alike = learned.initial is learned.parameters and initial is parameters
    return replace(learned, parameters=present, initial=present if alike else put(learned.initial, initial))


def twinned(
    document: Document, learned: Learned, names: Mapping[str, str], units: Mapping[str, Mapping[int, int]]
) -> Learned:
    """Copies within a document get the numbers of what they are copies of, the optimizer's memory too.

    ``names`` has the copies of layers by their originals, ``units`` for each layer its new units, each
    with the one it is the twin of.
    """
    layout = Layout(document)
    originals = {new: old for old, new in names.items()}

    def alike(have: Parameters) -> Parameters:
        made = dict(have)
        for key, slot in layout.slots.items():
            if key not in have:
                continue
            first = have.get(_renamed(key, originals), have[key])
            values = first if first.shape == slot.shape else have[key]
            for axis, (layer, size) in enumerate(zip(slot.part.axes, slot.shape, strict=True)):
                twins = units.get(_origin(layout, layer), {}) if layer is not None else {}
                keys = layout.keys(layer, size)
                places = {unit: place for place, unit in enumerate(keys)}
                index = [places.get(_twin(unit, twins), place) for place, unit in enumerate(keys)]
                if index != list(range(size)):
                    values = values.take(index, axis)
            if values is not have[key]:
                made[key] = frozen(values)
        return made

    same = learned.initial is learned.parameters
    present = alike(learned.parameters)
    return replace(
        learned,
        parameters=present,
        initial=present if same else alike(learned.initial),
        memory={name: alike(vector) for name, vector in learned.memory.items()},
    )


def _twin(unit: Unit, twins: Mapping[int, int]) -> Unit:
    """The unit that one is the twin of, itself if of none."""
    return twins.get(unit, unit) if isinstance(unit, int) else (_twin(unit[0], twins), unit[1])


def _renamed(key: str, names: Mapping[str, str]) -> str:
    """A parameter's name where its layer and the layer that feeds it have other ids."""
    layer, _, part = key.partition(".")
    head, dot, source = part.rpartition(".")
    return f"{names.get(layer, layer)}.{head}{dot}{names.get(source, source) if dot else source}"


def carried(before: Document, learned: Learned, after: Document) -> Learned:
    """What was learned, taken over to an edited document.

    A parameter that both have keeps the values of the units that stay; new units are drawn as at
    the start. The optimizer's memory goes along as long as the optimizer is of the same kind.
    Everything stays the same object where nothing changed.
    """
    old, new = Layout(before), Layout(after)
    if before.optimizer.kind == after.optimizer.kind and _alike(before, old, after, new):
        return learned
    drawn = {key: _drawn(slot, new) for key, slot in new.slots.items()}
    parameters = _kept(old, new, learned.parameters, drawn)
    initial = parameters if learned.initial is learned.parameters else _kept(old, new, learned.initial, drawn)
    memory, clock = _memory(new, parameters), 0
    if before.optimizer.kind == after.optimizer.kind:
        clock = learned.clock
        memory = {
            name: _kept(old, new, learned.memory.get(name, {}), zeros) for name, zeros in memory.items()
        }
    return Learned(parameters, initial, memory, learned.step, clock)


def taken_back(
    goal: tuple[Document, Learned], other: tuple[Document, Learned], now: tuple[Document, Learned]
) -> Learned:
    """Taking an edit back (or doing it again) while learning went on since.

    The edit leads between the states ``goal`` and ``other``; ``now`` has learned on from
    ``other``. What the edit itself changed gets its value in ``goal``, and so does what is only
    there; everything else stays as it was learned since.
    """
    found = carried(now[0], now[1], goal[0])
    layout, old = Layout(goal[0]), Layout(now[0])

    def mixed(want: Parameters, left: Parameters, have: Parameters) -> Parameters:
        base = dict(_kept(old, layout, have, want))
        ago = _kept(Layout(other[0]), layout, left, want)
        for key, value in base.items():
            changed = want[key] != ago[key]
            if changed.any():
                base[key] = frozen(np.where(changed, want[key], value))
        return base

    return replace(
        found,
        parameters=mixed(goal[1].parameters, other[1].parameters, now[1].parameters),
        initial=mixed(goal[1].initial, other[1].initial, now[1].initial),
    )


def _alike(before: Document, old: Layout, after: Document, new: Layout) -> bool:
    if old.slots.keys() != new.slots.keys():
        return False
    if any(old.slots[key].shape != slot.shape for key, slot in new.slots.items()):
        return False
    units = {each.id: each.units for each in before.layers}
    same_units = all(units.get(each.id) == each.units for each in after.layers)
    cuts = {each.id: each.cut for each in before.connections}
    return same_units and all(cuts.get(each.id) == each.cut for each in after.connections)


def _drawn(slot: Slot, layout: Layout) -> Array:
    """First values: they depend on the seed, the parameter's name and the keys of its units.

    Not on the other layers. Where units came and went, the keys are no plain count and lead to
    other numbers than at the start: otherwise a new unit could be the twin of an old one, which
    was drawn when it stood in that place.
    """
    words = [layout.document.training.seed & 0xFFFFFFFF, zlib.crc32(slot.key.encode())]
    keys = [layout.keys(axis, size) for axis, size in zip(slot.part.axes, slot.shape, strict=True)]
    if any(each != tuple(range(len(each))) for each in keys):
        words.append(zlib.crc32(repr(keys).encode()))
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))
    initializer = initializers.make(slot.part.start)
    return frozen(initializer.draw(rng, slot.shape, slot.part.fan_in, slot.part.fan_out))


def _kept(old: Layout, new: Layout, have: Parameters, drawn: Parameters) -> Parameters:
    """Parameters of the new layout: those of ``have`` whose units are still there, else ``drawn``."""
    made: dict[str, Array] = {}
    for key, slot in new.slots.items():
        if key not in drawn:
            continue
        former = key if key in old.slots else _former(slot, old, new)
        source = have.get(former)
        if source is None or former not in old.slots or source.ndim != len(slot.shape):
            made[key] = drawn[key]
            continue
        to_index, from_index = [], []
        axes = zip(slot.part.axes, old.slots[former].part.axes, strict=True)
        for axis, (layer, once) in enumerate(axes):
            here = new.keys(layer, slot.shape[axis])
            there = old.keys(once, source.shape[axis])
            places = {unit: place for place, unit in enumerate(there)}
            both = [(place, places[unit]) for place, unit in enumerate(here) if unit in places]
            to_index.append([place for place, _ in both])
            from_index.append([place for _, place in both])
        values = np.array(drawn[key])
        values[np.ix_(*to_index)] = source[np.ix_(*from_index)]
        made[key] = (
            source
            if values.shape == source.shape and values.tobytes() == source.tobytes()
            else frozen(values)
        )
    return made


def _former(slot: Slot, old: Layout, new: Layout) -> str:
    """Where a weight stood whose layer is fed by another one now: the same units, only with a layer
    in between that hands each of them on (dropout, an activation). Empty if it stood nowhere."""
    head, _, source = slot.part.name.rpartition(".")
    if not head or slot.layer not in old.nodes or source not in new.nodes:
        return ""
    origin = _origin(new, source)
    gone = [each for each in old.nodes[slot.layer].inputs if each not in new.nodes[slot.layer].inputs]
    return next((f"{slot.layer}.{head}.{each}" for each in gone if _origin(old, each) == origin), "")


def _origin(layout: Layout, id: str) -> str:
    """The layer whose units arrive, back through layers that only hand each unit on."""
    while True:
        node = layout.nodes[id]
        if node.kind.sized or len(node.inputs) != 1:
            return id
        before = layout.nodes[node.inputs[0]]
        if (before.shape, before.keys) != (node.shape, node.keys):
            return id
        id = before.layer.id


def _memory(layout: Layout, parameters: Parameters) -> dict[str, Parameters]:
    optimizer = optimizers.make(layout.document.optimizer)
    zeros = {
        key: frozen(np.zeros_like(parameters[key])) for key, slot in layout.slots.items() if slot.learned
    }
    return dict.fromkeys(optimizer.memories, zeros)


def _with_cell(parameters: Parameters, key: str, index: tuple[int, ...], value: float) -> Parameters:
    changed = np.array(parameters[key])
    changed[index] = value
    return {**parameters, key: frozen(changed)}
