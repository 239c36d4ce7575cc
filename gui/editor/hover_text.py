"""What the card says about the thing under the mouse: name, value, gradient, last change."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.core.shapes import spoken
from gui.editor.card_table import CardTable, Line
from gui.editor.cells import Symbol, unit_symbol, weight_symbol
from gui.editor.commands import layer_title
from gui.editor.extra_text import card_of_extra, end_title
from gui.editor.geometry import LayerPlace, UnitPlace
from gui.editor.marks import Kind, Thing
from gui.editor.picture import activation_title
from gui.editor.scene import NetworkScene
from gui.widgets.numbers import format_full, format_number
from gui.workspace import Workspace

translate = QCoreApplication.translate


class Changes:
    """How the weights changed from one snapshot to the next, and over how many updates."""

    def __init__(self) -> None:
        self._version, self._step = -1, 0
        self._now: Mapping[str, Any] = {}
        self._before: Mapping[str, Any] = {}
        self.updates = 0

    def take(self, snapshot) -> None:
        """A newer snapshot."""
        if snapshot.version != self._version:
            self._before, self.updates = {}, 0
        elif snapshot.step != self._step:
            self._before, self.updates = self._now, snapshot.step - self._step
        self._version, self._step, self._now = snapshot.version, snapshot.step, snapshot.parameters

    def of(self, key: str, index: tuple[int, ...]) -> float | None:
        """How much a weight changed; ``None`` where there is nothing to compare with."""
        one, two = self._before.get(key), self._now.get(key)
        if one is None or two is None or one.shape != two.shape or self.updates <= 0:
            return None
        return float(two[index] - one[index])


def card_of(thing: Thing, network: NetworkScene, workspace: Workspace, changes: Changes) -> CardTable | str:
    """What the card says, as a table or as rich text; empty where there is nothing to say."""
    if thing.group or thing.kind in {Kind.NOTE, Kind.FOLD}:
        return card_of_extra(thing, network)
    if thing.is_wire and thing.wire < len(network.wires):
        key, index = network.wires.cell(thing.wire)
        symbol = weight_symbol(network.wires, thing.wire)
        locked = network.wires.locked(thing.wire)
        return _weight(symbol, key, index, workspace, changes, locked)
    if thing.kind is Kind.TRUNK and network.has(thing):
        return _trunk(thing, network, workspace)
    unit = network.geometry.unit(*thing.unit)
    if unit is None:
        place = network.geometry.places.get(thing.layer)
        if place is not None and place.is_block and thing.kind is not Kind.HANDLE:
            return _block(place, network, workspace)
        return _layer(thing, network)
    if thing.kind is Kind.BIAS:
        symbol = unit_symbol(network.geometry, unit, "b")
        return _weight(symbol, f"{unit.layer}.b", (unit.index, 0), workspace, changes, False)
    return _neuron(thing, unit, network, workspace)


def _weight(
    symbol: Symbol,
    key: str,
    index: tuple[int, ...],
    workspace: Workspace,
    changes: Changes,
    locked: bool,
) -> CardTable | str:
    snapshot = workspace.snapshot
    value = _at(snapshot.parameters, key, index)
    if value is None:
        return ""
    slope, first = _at(snapshot.gradients, key, index), _at(snapshot.initial, key, index)
    lines = [Line(symbol, _number(value), strong=True)]
    if slope is not None:
        lines.append(Line(symbol, _number(slope), "gradient", slope=True))
    change = changes.of(key, index)
    if change is not None:
        name = translate("Canvas", "last change")
        if changes.updates > 1:
            name = translate("Canvas", "in {count} updates").format(count=changes.updates)
        lines.append(Line(name, ("+" if change > 0 else "") + _number(change), "step"))
    if first is not None:
        lines.append(Line(translate("Canvas", "at the start"), _number(first), "text-muted"))
    if locked:
        lines.append(Line(translate("Canvas", "locked"), translate("Canvas", "training leaves it as it is")))
    hint = translate("Canvas", "Double click to edit; turn the wheel over the number to try out")
    return CardTable("", tuple(lines), (hint,) if hint else ())


def _neuron(thing: Thing, unit: UnitPlace, network: NetworkScene, workspace: Workspace) -> CardTable | str:
    if thing.kind is Kind.PORT:
        return escape(translate("Canvas", "Drag to another neuron to draw a synapse"))
    geometry, place = network.geometry, network.geometry.places[unit.layer]
    answers = workspace.snapshot.answers.get("canvas")
    found = answers.get(unit.layer, {}) if isinstance(answers, Mapping) else {}
    lines = []
    walk = workspace.walk
    for letter in ("z", "a", "dz"):
        if walk is not None:
            example = walk.example if walk.example is not None else walk.trace.m - 1
            value = walk.value(unit.layer, letter, (unit.index,), example)
        else:
            array = found.get(letter)
            fits = isinstance(array, np.ndarray) and array.shape == (place.layer.size,)
            value = float(array[unit.index]) if fits else None  # type: ignore[index]
        if value is not None:
            colour = "gradient" if letter == "dz" else ""
            lines.append(Line(unit_symbol(geometry, unit, letter), _number(value), colour))
    title = layer_title(geometry.document, unit.layer)
    activation = activation_title(place)
    head = f"{title}, {activation}" if activation else title
    if not place.active:
        hint = translate("Canvas", "Not connected: no signal from an input to the output goes through it")
    elif place.role == "output":
        hint = ""
    else:
        hint = translate("Canvas", "Drag the round handle to another neuron to draw a synapse")
    return CardTable(head, tuple(lines), (hint,) if hint else ())


def _trunk(thing: Thing, network: NetworkScene, workspace: Workspace) -> CardTable:
    source, target = network.trunks.wire(thing.wire)
    start = network.geometry.node(source)
    shape = () if start is None else start.drawn.shape
    head = translate("Canvas", "{source} → {target}").format(
        source=end_title(network, source), target=end_title(network, target)
    )
    lines = [Line(translate("Canvas", "what goes along it"), spoken(shape))] if shape else []
    weights = workspace.snapshot.parameters.get(f"{target}.W.{source}")
    if weights is not None:
        lines.append(Line(translate("Canvas", "weights"), spoken(weights.shape)))
    hint = translate("Canvas", "Click and press Del to cut it; drop a layer on it to insert one")
    return CardTable(head, tuple(lines), (hint,) if hint else ())


def _block(place: LayerPlace, network: NetworkScene, workspace: Workspace) -> CardTable:
    title = place.layer.name or place.drawn.title
    lines = []
    if place.layer.name:
        lines.append(Line(translate("Canvas", "kind"), place.drawn.title))
    if place.drawn.shape:
        lines.append(Line(translate("Canvas", "output"), spoken(place.drawn.shape)))
    activation = activation_title(place)
    if activation:
        lines.append(Line(translate("Canvas", "activation"), activation))
    arrays = workspace.snapshot.parameters.items()
    count = sum(each.size for key, each in arrays if key.startswith(f"{place.id}."))
    if count:
        lines.append(Line(translate("Canvas", "parameters"), format_number(count, chosen=False)))
    hint = translate("Canvas", "Drag the round handle to another layer to connect the two")
    if place.role == "output":
        hint = ""
    if not place.active:
        hint = translate("Canvas", "Not connected: no signal from an input to the output goes through it")
    return CardTable(title, tuple(lines), (hint,) if hint else ())


def _layer(thing: Thing, network: NetworkScene) -> str:
    place = network.geometry.places.get(thing.layer)
    if place is None or thing.kind is Kind.FRAME:
        return ""
    if thing.kind is Kind.HANDLE:
        return escape(translate("Canvas", "Drag to another layer to draw all synapses between the two"))
    if not place.active:
        return escape(translate("Canvas", "Not connected: drag from a neuron's handle to connect it"))
    return ""


def _at(arrays: Mapping[str, Any], key: str, index: tuple[int, ...]) -> float | None:
    array = arrays.get(key)
    if array is None or array.ndim != len(index):
        return None
    inside = all(i < side for i, side in zip(index, array.shape, strict=True))
    return float(array[index]) if inside else None


def _number(value: float) -> str:
    """In full: on the canvas it stands rounded."""
    return format_full(value)
