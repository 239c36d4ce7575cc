"""Running to what is on the canvas: which part of the calculation a neuron, layer, synapse or group means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.editor.marks import GROUND, Kind, Thing
from gui.selection import Selection
from gui.stepping.goals import Goal

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


def goal_of(canvas: Canvas, thing: Thing) -> Goal | None:
    """What to run to for a thing; ``None`` for one that no step calculates."""
    network = canvas.network
    if thing.is_wire and thing.wire < len(network.wires):
        key, index = network.wires.cell(thing.wire)
        layer, array = key.split(".", 1)
        return Goal(frozenset({layer}), index, array)
    if thing.kind is Kind.TRUNK and network.has(thing):
        return _of_layers(canvas, frozenset({network.trunks.wire(thing.wire)[1]}))
    if thing.group:
        return _of_layers(canvas, network.enclosures.layers_of(thing.group))
    if thing.is_unit or thing.kind is Kind.BIAS:
        return _of_selection(canvas, Selection(units=frozenset({thing.unit})))
    if thing.layer:
        return _of_number(canvas, thing.layer) or _of_layers(canvas, frozenset({thing.layer}))
    return None


def goal_meant(canvas: Canvas) -> Goal | None:
    """What is selected, else what has the keyboard's focus."""
    return _of_selection(canvas, canvas.workspace.selection) or goal_of(canvas, canvas.focus_thing)


def place_meant(canvas: Canvas, thing: Thing = GROUND) -> tuple[str, int | None] | None:
    """The layer, or the neuron in it by its key, that a breakpoint would be set at."""
    selection = canvas.workspace.selection
    if thing == GROUND and selection.units:
        layer, key = min(selection.units)
        return _calculated(canvas, layer, key)
    if thing == GROUND and selection.layers:
        return _calculated(canvas, min(selection.layers), None)
    thing = canvas.focus_thing if thing == GROUND else thing
    if thing.is_unit or thing.kind is Kind.BIAS:
        return _calculated(canvas, *thing.unit)
    return _calculated(canvas, thing.layer, None) if thing.layer else None


def stops(canvas: Canvas, thing: Thing = GROUND) -> bool:
    """Whether walks stop at what is meant."""
    place = place_meant(canvas, thing)
    return place is not None and canvas.workspace.breakpoints.stops_walk_at(*place)


def turn_stop(canvas: Canvas, thing: Thing = GROUND) -> None:
    """Walks stop there from now on, or no more."""
    place = place_meant(canvas, thing)
    if place is None:
        canvas.workspace.say(canvas.tr("Choose a neuron or a layer that is calculated to stop at."))
    else:
        canvas.workspace.breakpoints.stop_walk_at(*place)


def _of_selection(canvas: Canvas, selection: Selection) -> Goal | None:
    document = canvas.workspace.document
    if selection.units:
        layer, key = min(selection.units)
        if _calculated(canvas, layer, key) is None:
            return None
        return Goal(frozenset({layer}), (document.layer(layer).unit(key),))
    if selection.synapses:
        source, sender, target, receiver = min(selection.synapses)
        at = document.layer(target).unit(receiver), document.layer(source).unit(sender)
        return Goal(frozenset({target}), at, f"W.{source}")
    if selection.wires:
        return _of_layers(canvas, frozenset(target for _, target in selection.wires))
    if len(selection.layers) == 1:
        layer = next(iter(selection.layers))
        return _of_number(canvas, layer) or _of_layers(canvas, selection.layers)
    return _of_layers(canvas, selection.layers)


def _of_number(canvas: Canvas, layer: str) -> Goal | None:
    """One number within a block that was chosen by a click."""
    chosen = [cell for cell in canvas.workspace.chosen_cells if cell[0] == layer]
    if len(chosen) != 1:
        return None
    owner, array, index, _ = chosen[0]
    return Goal(frozenset({owner}), index, array)


def _of_layers(canvas: Canvas, layers: frozenset[str]) -> Goal | None:
    able = frozenset(each for each in layers if _calculated(canvas, each, None) is not None)
    return Goal(able) if able else None


def _calculated(canvas: Canvas, layer: str, key: int | None) -> tuple[str, int | None] | None:
    """The place itself unless it takes no part; of an input the gradient is calculated."""
    place = canvas.network.geometry.places.get(layer) or canvas.network.geometry.hidden.get(layer)
    if place is None or not place.active:
        return None
    return layer, None if place.is_block else key
