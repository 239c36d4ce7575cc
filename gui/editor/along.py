"""The keyboard's way along the synapses: from a neuron to what it feeds, and back to what feeds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.editor.geometry import GroupPlace, LayerPlace, Place
from gui.editor.marks import GROUND, Kind, Thing
from gui.editor.scene import NetworkScene
from gui.selection import Unit

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


class Along:
    """From a neuron onto a synapse, from the synapse to the neuron at its other end; on a synapse Up and
    Down go to the others of the neuron that one came from."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._on, self._from, self._onward = GROUND, GROUND, True

    def go(self, onward: bool) -> None:
        """One stop in the direction of the signal, or against it."""
        canvas = self._canvas
        here = canvas.focus_thing
        thing = step(canvas.network, here, onward)
        if thing is None:
            return
        if thing.is_wire or thing.kind is Kind.TRUNK:
            self._on, self._from, self._onward = thing, here, onward
        canvas.set_focus_thing(thing, spoken=True)

    def sideways(self, down: bool) -> bool:
        """The next synapse of the same neuron; whether the focus is on one that was reached from it."""
        canvas = self._canvas
        if canvas.focus_thing == GROUND or canvas.focus_thing != self._on:
            return False
        lines = lines_of(canvas.network, self._from, self._onward)
        if self._on not in lines:
            return False
        place = lines.index(self._on) + (1 if down else -1)
        if 0 <= place < len(lines):
            self._on = lines[place]
            canvas.set_focus_thing(self._on, spoken=True)
        return True


def step(network: NetworkScene, here: Thing, onward: bool) -> Thing | None:
    """The next stop from a thing; ``None`` at the ends of the network."""
    geometry = network.geometry
    if here.is_wire and network.has(here):
        source, sender, target, receiver = network.wires.synapse(here.wire)
        return Thing(Kind.UNIT, target, receiver) if onward else Thing(Kind.UNIT, source, sender)
    if here.kind is Kind.TRUNK and network.has(here):
        source, target = network.trunks.wire(here.wire)
        return whole(geometry.node(target if onward else source))
    if here.kind is Kind.BIAS and onward:
        return Thing(Kind.UNIT, here.layer, here.key)
    lines = lines_of(network, here, onward)
    if lines:
        return lines[0]
    if here.is_layer:  # all its synapses are drawn one by one: from layer to layer
        document = geometry.document
        wires = document.outgoing(here.layer) if onward else document.incoming(here.layer)
        ends = (geometry.node(each.target if onward else each.source) for each in wires)
        return next((whole(each) for each in ends if each is not None), None)
    return None


def lines_of(network: NetworkScene, here: Thing, onward: bool) -> list[Thing]:
    """The synapses that leave a neuron or arrive there, from top to bottom, then the lines of its layer."""
    found: list[Thing] = []
    if here.is_unit:
        found += [Thing(Kind.WIRE, wire=number) for number in _synapses(network, here.unit, onward)]
    node: Place | None = network.geometry.places.get(here.layer)
    if here.kind is Kind.GROUP:
        node = network.geometry.folds.get(here.group)
    if node is None:
        return found
    ids = {node.id} if isinstance(node, LayerPlace) else set(node.layers)
    trunks = network.trunks
    ends = ((number, trunks.wire(number)) for number in range(len(trunks)))
    found += [Thing(Kind.TRUNK, wire=number) for number, wire in ends if wire[0 if onward else 1] in ids]
    return found


def whole(node: Place | None) -> Thing | None:
    """A layer or a folded group as the focus names it."""
    if isinstance(node, GroupPlace):
        return Thing(Kind.GROUP, group=node.path)
    return None if node is None else Thing(Kind.CAPTION, node.id)


def _synapses(network: NetworkScene, unit: Unit, onward: bool) -> list[int]:
    """Numbers of the drawn synapses of a neuron, by the height of their other end."""
    wires, place = network.wires, network.geometry.unit(*unit)
    if place is None:
        return []
    drawn, found = network.synapses.drawn, []
    for bundle in wires.bundles:
        owner = bundle.connection.source if onward else bundle.connection.target
        if owner != unit[0]:
            continue
        rows = (bundle.senders if onward else bundle.receivers) == place.index
        found += [bundle.start + int(at) for at in rows.nonzero()[0] if drawn[bundle.start + int(at)]]

    def other(number: int) -> tuple[float, float]:
        source, sender, target, receiver = wires.synapse(number)
        end = network.geometry.unit(target, receiver) if onward else network.geometry.unit(source, sender)
        return (end.x, end.y) if end is not None else (0.0, 0.0)

    return sorted(found, key=other)
