"""What the canvas says at a moment: the numbers of neurons and synapses, and what stands out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

import numpy as np

from engine.activations import activations
from engine.core.knobs import knobs
from engine.core.spec import Spec
from engine.datasets.base import Data, Task
from engine.layers import layers
from engine.session import Snapshot
from engine.session.surfaces import Surfaces
from gui.editor.block_face import BlockFace
from gui.editor.figures import activation_of, activation_range, brief, fullness, short
from gui.editor.geometry import Geometry, LayerPlace, UnitPlace
from gui.editor.now_blocks import blocks_now
from gui.editor.sheets import NO_SHEETS, Sheets, Surface
from gui.editor.walk_cache import Slot
from gui.editor.wires import Wires
from gui.selection import Unit
from gui.workspace import CellKey

SURFACES = "canvas.surfaces"
"""The name of the probe for the outputs of neurons over the plane of inputs."""
SHADES = 128
"""Steps from empty to full of ink."""


class Look(StrEnum):
    """How a number looks; value, slope and step of a weight are three different things."""

    PLAIN = "text"
    MUTED = "text-muted"
    ACTIVE = "active"
    SLOPE = "gradient"
    STEP = "step"
    WRONG = "error"


class Lock(StrEnum):
    """Whether a weight may change."""

    OPEN = "open"
    RELEASED = "released"
    """All slopes are known: now it changes."""
    HELD = "held"
    """The backward phase reads it: it stays the old one until all slopes are known."""
    LOCKED = "locked"
    """Training leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its look; a padlock beside it says that it does not change."""

    text: str
    look: Look = Look.PLAIN
    lock: Lock = Lock.OPEN
    framed: bool = False
    """Whether it is what the walkthrough is about now."""
    brief: str = ""
    """The same with fewer characters, where it is long: for a neuron that is far away."""
    parts: tuple[tuple[str, Look], ...] = ()
    """Several numbers, each in its own look; ``text`` is all of them."""
    stacked: bool = False
    """Whether they stand in rows below one another."""
    cell: CellKey | None = None
    """Which number it is, where that is not plain: in a walkthrough z and dz take turns in one place."""

    @property
    def rows(self) -> tuple[str, ...]:
        """The lines of text that it takes."""
        return tuple(text for text, _ in self.parts) if self.stacked else (self.text,)


def on_one_plate(*parts: tuple[str, Look], stacked: bool = False) -> Figure:
    """Several numbers: in a row, or stacked and with a frame."""
    text = (" " if stacked else "").join(text for text, _ in parts)
    return Figure(text, parts[-1][1], framed=stacked, parts=parts, stacked=stacked)


NOTHING = Figure("")
UNKNOWN = Figure("·", Look.MUTED)
"""What is not calculated yet; twice, with a line between, it would look like a sign for division."""


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
    surface: Surface | None = None
    """Its output over the plane of inputs, in the place of its numbers."""


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
    caches: Mapping[str, tuple[Slot, ...]] = field(default_factory=dict)
    """What every layer keeps for the way back, as far as the walk has come."""
    blocks: Mapping[str, BlockFace] = field(default_factory=dict)
    trunks: frozenset[int] = frozenset()
    """Lines to and from blocks that are calculated along now."""
    lock: Lock = Lock.OPEN
    """Whether old weights are held now, or free to change."""
    learners: frozenset[str] = frozenset()
    """Layers that this update changes."""


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
    default = Spec(default) if isinstance(default, str) else default
    return activation_of(place.layer.spec, default if isinstance(default, Spec) else None)


def can_choose_activation(place: LayerPlace) -> bool:
    """Whether the layer takes any activation of the family, not one of a few words."""
    kind = place.layer.spec.kind
    found = knobs(layers[kind]) if kind in layers else ()
    return any(each.name == "activation" and each.family == "activation" for each in found)


def activation_title(place: LayerPlace) -> str:
    """What the activation is called, in small letters: tanh, sigmoid."""
    spec = activation_spec(place)
    return "" if spec is None else spec.kind.replace("_", " ")


def activation_letter(place: LayerPlace) -> str:
    """The sign of the activation in a formula."""
    spec = activation_spec(place)
    return activations[spec.kind].letter if spec is not None and spec.kind in activations else "g"


class Inks:
    """Between which values the neurons of a document go from empty to full of ink; looked up once."""

    def __init__(self) -> None:
        self._data: Data | None = None
        self._sheets = NO_SHEETS
        self._known: dict[Unit, tuple[float, float]] = {}

    def of(self, place: LayerPlace, unit: UnitPlace, data: Data | None) -> tuple[float, float]:
        """The range of a neuron."""
        if data is not self._data:
            self._data = data
            self._known.clear()
        found = self._known.get(unit.unit)
        if found is None:
            found = self._known[unit.unit] = ink_range(place, unit.index, data)
        return found

    def sheets(self, answer: object) -> Sheets:
        """The surfaces of an answer; the same object as long as the answer is the same."""
        if self._sheets.answer is not answer:
            self._sheets = Sheets(answer) if isinstance(answer, Surfaces) else NO_SHEETS
        return self._sheets


def picture_of(
    snapshot: Snapshot,
    geometry: Geometry,
    wires: Wires,
    labelled: frozenset[int],
    weights: np.ndarray,
    inks: Inks,
) -> Picture:
    """The network as it is now, with the activations of the example that is looked at."""
    answers = snapshot.answers.get("canvas")
    found = answers if isinstance(answers, Mapping) else {}
    faces: dict[Unit, Face] = {}
    sheets = inks.sheets(snapshot.answers.get(SURFACES)) if geometry.sizes.showing.surfaces else NO_SHEETS
    for place in geometry.places.values():
        if place.is_block:
            continue
        arrays = found.get(place.id, {})
        z, a = _column(arrays.get("z"), place), _column(arrays.get("a"), place)
        b = snapshot.parameters.get(f"{place.id}.b") if place.bias else None
        biased = b is not None and b.shape == (place.layer.size, 1)
        for unit in place.units:
            value = None if a is None else float(a[unit.index])
            faces[unit.unit] = Face(
                top=NOTHING if z is None else figure_of(float(z[unit.index])),
                bottom=NOTHING if value is None else figure_of(value),
                bias=figure_of(float(b[unit.index, 0])) if biased else NOTHING,  # type: ignore[index]
                fill=None if value is None else _shade(fullness(value, inks.of(place, unit, snapshot.data))),
                surface=_surface(sheets, place, unit),
            )
    locked = wires.locked_ones
    chips = {
        number: figure_of(float(weights[number]), number in locked)
        for number in labelled
        if number < len(weights)
    }
    return Picture(faces, chips, blocks=blocks_now(geometry, found, snapshot))


def _surface(sheets: Sheets, place: LayerPlace, unit: UnitPlace) -> Surface | None:
    """None for an input that is the same all over the plane: its number says more."""
    found = sheets.of(place.id, unit.index)
    return None if found is None or (place.role == "input" and found.flat) else found


def names_beside(place: LayerPlace, index: int, data: Data | None, example: int) -> tuple[str, str]:
    """The name of an input or output, and the target below it."""
    if data is None:
        return "", ""
    if place.role == "input":
        return (data.features[index] if index < len(data.features) else ""), ""
    if place.role != "output" or index >= max(data.k, len(data.classes) if data.coded else 0):
        return "", ""
    many = (data.task is Task.CLASSES or data.coded) and index < len(data.classes)
    name = data.classes[index] if many else data.targets[index] if index < len(data.targets) else ""
    target = f"y = {short_target(_target(data, index, min(example, data.m - 1)))}" if data.m else ""
    return ("" if name == "y" else name), target


def _target(data: Data, index: int, example: int) -> float:
    """The target of an output; where the data holds class numbers 1 for the class and 0 for the others."""
    if data.coded:
        return float(data.Y[0, example] == index)
    return float(data.Y[index, example])


def short_target(value: float) -> str:
    """A target: whole numbers without decimals."""
    return str(int(value)) if value == int(value) and abs(value) < 1e6 else short(value)


def _column(array: object, place: LayerPlace) -> np.ndarray | None:
    if isinstance(array, np.ndarray) and array.shape == (place.layer.size,):
        return array
    return None


def figure_of(value: float, locked: bool = False) -> Figure:
    """A number as it is written on the canvas."""
    return _same(short(value), math.isfinite(value), locked, brief(value))


@lru_cache(maxsize=65536)
def _same(text: str, finite: bool, locked: bool, briefly: str) -> Figure:
    """The same object for what looks the same: so it is seen at once that nothing changed."""
    look, lock = Look.PLAIN if finite else Look.WRONG, Lock.LOCKED if locked else Lock.OPEN
    return Figure(text, look, lock, brief=briefly)


def _shade(fill: float) -> float:
    """In the steps in which neurons are painted: a change that nobody sees is none."""
    return fill if math.isnan(fill) else round(SHADES * fill) / SHADES
