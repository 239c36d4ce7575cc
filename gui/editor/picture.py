"""What the canvas says at a moment: the numbers of neurons and synapses, and what stands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from engine.activations import activations
from engine.core.knobs import knobs
from engine.core.spec import Spec
from engine.datasets.base import Data, Task
from engine.layers import layers
from engine.session import Snapshot
from gui.editor.figures import activation_of, activation_range, fullness, short
from gui.editor.geometry import Geometry, LayerPlace
from gui.editor.wires import Wires
from gui.selection import Unit


class Look(StrEnum):
    """How a number looks; value, slope and step of a weight are three different things."""

    PLAIN = "text"
    MUTED = "text-muted"
    ACTIVE = "active"
    SLOPE = "gradient"
    STEP = "step"
    WRONG = "error"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its look; ``locked`` draws a padlock beside it."""

    text: str
    look: Look = Look.PLAIN
    locked: bool = False
    framed: bool = False
    """Whether it is what the walkthrough is about now."""


NOTHING = Figure("")


@dataclass(frozen=True, slots=True)
class Face:
    """What a neuron shows: z above a (or dz below a), its bias, and how full of ink it is."""

    top: Figure = NOTHING
    bottom: Figure = NOTHING
    bias: Figure = NOTHING
    fill: float | None = None
    """0 to 1; ``None`` for a neuron that is not calculated."""
    active: bool = False
    faded: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A line beside a neuron: its running sum, its formula with the numbers put in."""

    unit: Unit
    text: str
    look: Look = Look.ACTIVE
    below: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything at one moment."""

    faces: Mapping[Unit, Face] = field(default_factory=dict)
    chips: Mapping[int, Figure] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    active: frozenset[int] = frozenset()
    """Synapses that are calculated with now."""
    near: frozenset[int] = frozenset()
    """Synapses that belong to the number that is being calculated."""
    walking: bool = False
    backward: bool = False


def ink_range(place: LayerPlace, index: int, data: Data | None) -> tuple[float, float]:
    """Between which values a neuron goes from empty to full of ink."""
    if place.role == "input":
        if data is None or index >= data.n or not data.m:
            return -np.inf, np.inf
        row = data.X[index]
        return float(row.min()), float(row.max())
    return activation_range(activation_spec(place))


def activation_spec(place: LayerPlace) -> Spec | None:
    """The activation of a layer, its kind's default where the document leaves it open."""
    kind = place.layer.spec.kind
    default = None
    if kind in layers:
        default = next((each.default for each in knobs(layers[kind]) if each.name == "activation"), None)
    return activation_of(place.layer.spec, default if isinstance(default, Spec) else None)


def activation_title(place: LayerPlace) -> str:
    """What the activation is called, in small letters: tanh, sigmoid."""
    spec = activation_spec(place)
    return "" if spec is None else spec.kind.replace("_", " ")


def activation_letter(place: LayerPlace) -> str:
    """The sign of the activation in a formula."""
    spec = activation_spec(place)
    return activations[spec.kind].letter if spec is not None and spec.kind in activations else "g"


def picture_of(snapshot: Snapshot, geometry: Geometry, wires: Wires, labelled: frozenset[int]) -> Picture:
    """The network as it is now, with the activations of the example that is looked at."""
    answers = snapshot.answers.get("canvas")
    found = answers if isinstance(answers, Mapping) else {}
    faces: dict[Unit, Face] = {}
    for place in geometry.places.values():
        arrays = found.get(place.id, {})
        z, a = _column(arrays.get("z"), place), _column(arrays.get("a"), place)
        b = snapshot.parameters.get(f"{place.id}.b")
        for unit in place.units:
            value = None if a is None else float(a[unit.index])
            faces[unit.unit] = Face(
                top=NOTHING if z is None else _figure(float(z[unit.index])),
                bottom=NOTHING if value is None else _figure(value),
                bias=_figure(float(b[unit.index, 0]))
                if place.bias and b is not None and b.shape == (place.layer.size, 1)
                else NOTHING,
                fill=None if value is None else fullness(value, ink_range(place, unit.index, snapshot.data)),
            )
    weights = wires.values(snapshot.parameters)
    chips = {
        number: Figure(short(float(weights[number])), _look(float(weights[number])), wires.locked(number))
        for number in labelled
        if number < len(weights) and number in labelled
    }
    return Picture(faces, chips)


def names_beside(place: LayerPlace, index: int, data: Data | None, example: int) -> tuple[str, str]:
    """The name of an input or output, and the target below it."""
    if data is None:
        return "", ""
    if place.role == "input":
        return (data.features[index] if index < len(data.features) else ""), ""
    if place.role != "output" or index >= data.k:
        return "", ""
    many = data.task is Task.CLASSES and index < len(data.classes)
    name = data.classes[index] if many else data.targets[index] if index < len(data.targets) else ""
    target = f"y = {short_target(float(data.Y[index, min(example, data.m - 1)]))}" if data.m else ""
    return ("" if name == "y" else name), target


def short_target(value: float) -> str:
    """A target: whole numbers without decimals."""
    return str(int(value)) if value == int(value) and abs(value) < 1e6 else short(value)


def _column(array: object, place: LayerPlace) -> np.ndarray | None:
    if isinstance(array, np.ndarray) and array.shape == (place.layer.size,):
        return array
    return None


def _figure(value: float) -> Figure:
    return Figure(short(value), _look(value))


def _look(value: float) -> Look:
    return Look.PLAIN if np.isfinite(value) else Look.WRONG
