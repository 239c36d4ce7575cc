"""The keyboard's way through the network: captions, neurons, biases, synapses, one after another."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.core.shapes import spoken
from gui.editor.cells import unit_symbol, weight_symbol
from gui.editor.commands import layer_title, value_of
from gui.editor.extra_text import described_extra, end_title, extra_stops
from gui.editor.marks import GROUND, Kind, Thing
from gui.editor.picture import activation_title
from gui.editor.scene import NetworkScene
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

translate = QCoreApplication.translate


def tour(network: NetworkScene) -> list[Thing]:
    """Every stop of the Tab key: a layer, then each of its neurons with its bias and its synapses."""
    incoming: dict[tuple[str, int], list[int]] = {}
    drawn = network.synapses.drawn
    for bundle in network.wires.bundles:
        for place, row in enumerate(bundle.receivers.tolist()):
            if drawn[bundle.start + place]:
                incoming.setdefault((bundle.connection.target, row), []).append(bundle.start + place)
    stops = []
    for layer in network.geometry.places.values():
        stops.append(Thing(Kind.CAPTION, layer.id))
        stops += [Thing(Kind.TRUNK, wire=trunk) for trunk in network.trunks.into(layer.id)]
        for unit in layer.units:
            stops.append(Thing(Kind.UNIT, layer.id, unit.key))
            if layer.bias:
                stops.append(Thing(Kind.BIAS, layer.id, unit.key))
            stops += [Thing(Kind.WIRE, wire=wire) for wire in incoming.get((layer.id, unit.index), [])]
    return stops + extra_stops(network)


def neighbour(network: NetworkScene, focus: Thing, onward: bool) -> Thing | None:
    """The next stop in a direction; ``None`` where Tab should leave the canvas."""
    stops = tour(network)
    if not stops:
        return None
    if focus == GROUND or focus not in stops:
        return stops[0] if onward else stops[-1]
    place = stops.index(focus) + (1 if onward else -1)
    return stops[place] if 0 <= place < len(stops) else None


def sideways(network: NetworkScene, focus: Thing, down: bool) -> Thing | None:
    """The next stop of the same kind: from neuron to neuron, from synapse to synapse."""
    same = [each for each in tour(network) if each.kind is focus.kind]
    if focus not in same:
        return None
    place = same.index(focus) + (1 if down else -1)
    return same[place] if 0 <= place < len(same) else None


def described(thing: Thing, network: NetworkScene, workspace: Workspace) -> str:
    """What a screen reader says of a thing."""
    geometry, wires, document = network.geometry, network.wires, workspace.document
    if thing.group or thing.kind is Kind.NOTE:
        return described_extra(thing, network)
    if thing.is_wire and thing.wire < len(wires):
        value = value_of(workspace, *wires.cell(thing.wire))
        source, sender, target, receiver = wires.synapse(thing.wire)
        return translate("Canvas", "Synapse {symbol} = {value}, from {source} {i} to {target} {j}").format(
            symbol=weight_symbol(wires, thing.wire).text,
            value="" if value is None else format_number(value),
            source=layer_title(document, source),
            i=document.layer(source).unit(sender) + 1,
            target=layer_title(document, target),
            j=document.layer(target).unit(receiver) + 1,
        )
    if thing.kind is Kind.TRUNK and network.has(thing):
        source, target = network.trunks.wire(thing.wire)
        words = translate("Canvas", "Connection from {source} to {target}")
        return words.format(source=end_title(network, source), target=end_title(network, target))
    unit, place = geometry.unit(*thing.unit), geometry.places.get(thing.layer)
    if place is None:
        return ""
    title = layer_title(document, thing.layer)
    if place.is_block:
        words = translate("Canvas", "{kind} {layer}, output {shape}, {activation}")
        shape = spoken(place.drawn.shape) or translate("Canvas", "not known yet")
        said = words.format(
            kind=place.drawn.title, layer=title, shape=shape, activation=activation_title(place)
        )
        return said.rstrip(", ")
    if thing.is_layer or unit is None:
        words = translate("Canvas", "Layer {layer}, {count} neurons, {activation}")
        activation = activation_title(place)
        return words.format(layer=title, count=place.layer.size, activation=activation).rstrip(", ")
    if thing.kind is Kind.BIAS:
        value = value_of(workspace, f"{unit.layer}.b", (unit.index, 0))
        shown = "" if value is None else format_number(value)
        words = translate("Canvas", "Bias {symbol} = {value}")
        return words.format(symbol=unit_symbol(geometry, unit, "b").text, value=shown)
    face = network.picture.faces.get(unit.unit)
    shown = face.bottom.text if face is not None else ""
    words = translate("Canvas", "Neuron {number} of {layer}, {symbol} = {value}")
    symbol = unit_symbol(geometry, unit, "a").text
    return words.format(number=unit.index + 1, layer=title, symbol=symbol, value=shown or "?")
