"""What was changed between two states of a network, in a few words: ``learning rate 0.5 → 0.05``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from engine.augmentations import augmentations
from engine.clipping import clippings
from engine.core.knobs import Knob, knobs
from engine.core.problems import AxonError
from engine.core.registry import Registry
from engine.core.spec import Spec, Value
from engine.datasets import datasets
from engine.document import Document, Layer, Training
from engine.document.difference import difference
from engine.layers import layers
from engine.layout import Layout
from engine.learned import Learned, Parameters
from engine.losses import losses
from engine.optimizers import optimizers
from engine.procedures import procedures
from engine.regularizers import regularizers
from engine.schedules import schedules
from engine.symbols import symbol_of

MOST = 3
"""More changes than these are only counted."""
CHOSEN: dict[str, Registry[Any]] = {"loss": losses, "optimizer": optimizers, "data": datasets}
TRAINING: dict[str, Registry[Any]] = {
    "procedure": procedures, "schedule": schedules, "clipping": clippings, "regularizer": regularizers,
    "augmentation": augmentations,
}  # fmt: skip
NAMES = {"batch_size": "batch size", "label_noise": "label noise", "held_out": "held out"}
NOTHING = {"batch_size": "all examples", "patience": "off"}

State = tuple[Document, Learned]


def in_words(before: State, after: State) -> str:
    """The changes from one state to the other; empty if there is none that a number depends on."""
    found = list(_of_documents(before[0], after[0]))
    found = found or list(_of_weights(before, after))
    more = [f"{len(found) - MOST} more"] if len(found) > MOST else []
    return "; ".join(found[:MOST] + more)


# -------------------------------------------------------------------- the document


def _of_documents(before: Document, after: Document) -> Iterator[str]:
    change = difference(before, after)
    for name in change.chosen:
        if name in CHOSEN:
            family = CHOSEN[name]
            yield from _of_specs(family, family.family, getattr(before, name), getattr(after, name))
        elif name == "training":
            yield from _of_trainings(before.training, after.training)
        elif name == "table":
            yield "another table of data"
    yield from (f"{_called(after.layer(id))} added" for id in change.added)
    yield from (f"{_called(before.layer(id))} removed" for id in change.removed)
    for id in change.changed:
        yield from _of_layers(before.layer(id), after.layer(id))
    touched = {*change.added, *change.removed}
    for id in (*change.wires_added, *change.wires_removed):
        if touched.isdisjoint(id.split(">")):
            yield f"connection {id.replace('>', ' → ')} {'added' if id in change.wires_added else 'removed'}"
    wires = [[_wire(document, id) for document in (before, after)] for id in change.wires_changed]
    for place, gone, words in ((0, 0, "cut"), (0, 1, "joined again"), (1, 0, "locked"), (1, 1, "unlocked")):
        count = sum(len(wire[1 - gone][place] - wire[gone][place]) for wire in wires)
        if count:
            yield f"{count} {'synapse' if count == 1 else 'synapses'} {words}"


def _of_layers(old: Layer, new: Layer) -> Iterator[str]:
    name = _called(new)
    if old.size != new.size:
        yield f"{name} {old.size} → {new.size} units"
    elif old.units != new.units:
        yield f"other units in {name}"
    if old.frozen != new.frozen:
        yield f"{name} {'frozen' if new.frozen else 'learns again'}"
    yield from (f"{name}: {text}" for text in _of_specs(layers, "kind", old.spec, new.spec))


def _of_trainings(old: Training, new: Training) -> Iterator[str]:
    for each in fields(Training):
        was, now = getattr(old, each.name), getattr(new, each.name)
        if was == now:
            continue
        name = NAMES.get(each.name, each.name)
        if each.name in TRAINING:
            yield from _of_specs(TRAINING[each.name], name, was, now)
        else:
            none = NOTHING.get(each.name, "none")
            yield f"{name} {_plain(was, none)} → {_plain(now, none)}"


def _of_specs(family: Registry[Any], name: str, old: Spec, new: Spec) -> Iterator[str]:
    """Another kind, or what is set otherwise in the same one."""
    if old.kind != new.kind:
        yield f"{name} {_title(family, old)} → {_title(family, new)}"
        return
    for each in _knobs_of(family, old):
        was, now = old.get(each.name, each.default), new.get(each.name, each.default)
        if was == now:
            continue
        label = each.label[:1].lower() + each.label[1:]
        if isinstance(was, Spec) and isinstance(now, Spec) and each.family:
            yield from _of_specs(Registry.families[each.family], label, was, now)
        else:
            none = each.none_label or "none"
            yield f"{label} {_plain(was, none)} → {_plain(now, none)}"


def _knobs_of(family: Registry[Any], spec: Spec) -> tuple[Knob, ...]:
    return knobs(family[spec.kind]) if spec.kind in family else ()


def _title(family: Registry[Any], spec: Spec) -> str:
    return str(family[spec.kind].title) if spec.kind in family else spec.kind


def _plain(value: Value, none: str) -> str:
    if value is None:
        return none
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}".replace("-", "−")
    return value.kind if isinstance(value, Spec) else str(value)


def _called(layer: Layer) -> str:
    return layer.name or layer.id


def _wire(document: Document, id: str) -> tuple[frozenset[object], frozenset[object]]:
    wire = next(each for each in document.connections if each.id == id)
    return frozenset(wire.cut), frozenset(wire.locked)


# -------------------------------------------------------------------- the weights


def _of_weights(before: State, after: State) -> Iterator[str]:
    if before[1].step != after[1].step:
        return
    old, new = before[1].parameters, after[1].parameters
    cells = [(key, cell) for key in new if key in old for cell in _changed(old, new, key)]
    if not cells:
        return
    if len(cells) > 1:
        whole = sum(array.size for array in new.values())
        yield "all weights set anew" if len(cells) > 0.9 * whole > 3 else f"{len(cells)} weights set by hand"
        return
    key, cell = cells[0]
    try:
        name = symbol_of(Layout(after[0]), key, cell).text
    except AxonError:
        name = key
    yield f"{name} set to {_plain(float(new[key][cell]), '')}"


def _changed(old: Parameters, new: Parameters, key: str) -> list[tuple[int, ...]]:
    if old[key] is new[key] or old[key].shape != new[key].shape:
        return []
    return [tuple(int(each) for each in cell) for cell in np.argwhere(old[key] != new[key])]
