"""The picture of a walkthrough: what is calculated now, what is known already, what is still blank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from engine.core.expressions import Product, Ref, references
from engine.core.notation import as_text
from engine.core.plan import Phase
from engine.core.printing import in_numbers
from engine.core.steps import Step
from engine.losses.base import OWNER as LOSS
from engine.symbols import bare
from engine.update_cells import STAGES
from gui.editor.cells import bias_of, unit_of, wire_of
from gui.editor.figures import exact, fullness, short, sign_of
from gui.editor.geometry import WHOLE, Geometry, LayerPlace, UnitPlace
from gui.editor.picture import (
    NOTHING,
    UNKNOWN,
    Face,
    Figure,
    Inks,
    Lock,
    Look,
    Note,
    Picture,
    activation_letter,
    on_one_plate,
)
from gui.editor.trunks import Trunks
from gui.editor.walk_blocks import block_faces, trunks_of
from gui.editor.walk_cache import caches_of
from gui.editor.wires import Wires
from gui.selection import Unit
from gui.stepping.walk import Walk

BLANK = UNKNOWN
_LOCKS = {Phase.BACKWARD: Lock.HELD, Phase.UPDATE: Lock.RELEASED}
_STAGES = {"mean ": "∂J", "whole ": "∂(J+R)", "clipped ": "g∂"}
"""How a gradient is called on its way to the step."""
LONGEST = 34
"""Characters of a formula that still fits beside a neuron; a longer one stands in the formula view."""


def picture_of_walk(
    walk: Walk,
    geometry: Geometry,
    wires: Wires,
    labelled: frozenset[int],
    ink: object = None,
    trunks: Trunks | None = None,
    inks: Inks | None = None,
) -> Picture:
    """What the canvas shows at the walk's present step. ``ink`` is the data, for the inputs' shades."""
    return _Picture(walk, geometry, wires, ink, inks or Inks()).make(labelled, trunks)


class _Picture:
    """The pieces of one picture."""

    def __init__(self, walk: Walk, geometry: Geometry, wires: Wires, data: object, inks: Inks) -> None:
        self.walk, self.geometry, self.wires, self.data, self.inks = walk, geometry, wires, data, inks
        self.trace = walk.trace
        self.step = walk.step
        example = walk.example
        self.example = self.trace.m - 1 if example is None else example
        self.phase = walk.phase or Phase.FORWARD
        refs = _concerned(self.step)
        self.now = _now(self.step)
        self.wires_now = frozenset(w for w in (wire_of(ref.key, wires) for ref in self.now) if w is not None)
        self.read: set[int] = set()
        """Synapses whose weight goes into this step, not only their slope."""
        self.near_wires: set[int] = set()
        self.near_units: set[Unit] = set()
        self._look_near(refs)
        self.active_units = set(_units((ref.key for ref in self.now), geometry))
        self.biases_now = {each.unit for each in (bias_of(ref.key, geometry) for ref in self.now) if each}
        if self.step is not None and self.step.target.owner == LOSS:
            outputs = (each for each in geometry.places.values() if each.role == "output")
            self.near_units |= {unit.unit for place in outputs for unit in place.units}

    def _look_near(self, refs: Iterable[Ref]) -> None:
        """Synapses and neurons that belong to the number of this step; hundreds in a wide layer."""
        for ref in refs:
            name = bare(ref.array)
            if name.startswith("W."):
                wire = self.wires.number_at(f"{ref.owner}.{name}", ref.index)
                if wire is not None:
                    self.near_wires.add(wire)
                    if name == ref.array:
                        self.read.add(wire)
            elif len(ref.index) == 1:
                unit = self.geometry.unit_by_index(ref.owner, ref.index[0])
                if unit is not None:
                    self.near_units.add(unit.unit)

    def make(self, labelled: frozenset[int], trunks: Trunks | None) -> Picture:
        """All of it."""
        faces = {
            unit.unit: self._face(place, unit)
            for place in self.geometry.places.values()
            for unit in place.units
        }
        shown = set(labelled) | self.near_wires | self.wires_now
        chips = {number: figure for number in shown if (figure := self._chip(number)) is not None}
        notes = tuple(self._notes())
        near = frozenset(self.near_wires)
        backward = self.phase is Phase.BACKWARD
        about = _concerned(self.step)
        blocks = block_faces(self.walk, self.geometry, self.example, about, self.data)  # type: ignore[arg-type]
        lines = frozenset() if trunks is None else trunks_of(about, trunks)
        learners = frozenset(slot.layer for slot in self.trace.layout.slots.values() if slot.learned)
        caches = caches_of(self.walk, self.example)
        return Picture(
            faces, chips, notes, self.wires_now, near,
            walking=True, backward=backward, caches=caches, blocks=blocks, trunks=lines,
            lock=_LOCKS.get(self.phase, Lock.OPEN), learners=learners & self.trace.network.learners,
        )  # fmt: skip

    # ---------------------------------------------------------------- numbers

    def _value(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> float | None:
        return self.walk.value(owner, array, index, example)

    def _given(self, owner: str, array: str, index: tuple[int, ...]) -> float | None:
        """A number that no step calculates: an input, a weight."""
        found = self.trace.arrays.get((owner, array))
        return None if found is None else float(found[index])

    def _face(self, place: LayerPlace, unit: UnitPlace) -> Face:
        i, here = unit.index, self.example
        active = unit.unit in self.active_units
        faded = not active and unit.unit not in self.near_units and unit.unit not in self.biases_now
        if place.role == "input":
            a = self._given(unit.layer, "a", (i, here)) if place.active else None
            top, z = NOTHING, None
        else:
            a = self._value(unit.layer, "a", (i,), here)
            z = self._value(unit.layer, "z", (i,), here)
            top = BLANK if z is None else Figure(_written(z, active), cell=(unit.layer, "z", (i,), here))
            if (unit.layer, "z") not in self.trace.arrays:
                top = NOTHING
        bottom = BLANK if a is None else Figure(_written(a, active), cell=(unit.layer, "a", (i,), here))
        if self.phase is Phase.BACKWARD or self.phase is Phase.UPDATE:
            array = "da" if place.role == "input" else "dz"
            slope = self._value(unit.layer, array, (i,), here)
            if slope is None and array == "dz":  # on the way to it
                array, slope = "da", self._value(unit.layer, "da", (i,), here)
            if slope is not None:
                text, cell = f"{array} {_written(slope, False)}", (unit.layer, array, (i,), here)
                top, bottom = bottom, Figure(text, Look.SLOPE, cell=cell)
        data = self.data
        fill = None if a is None else fullness(a, self.inks.of(place, unit, data))  # type: ignore[arg-type]
        return Face(top, bottom, self._bias(place, unit), fill, active, faded)

    def _bias(self, place: LayerPlace, unit: UnitPlace) -> Figure:
        if not place.bias:
            return NOTHING
        now, near = unit.unit in self.biases_now, unit.unit in self.near_units
        return self._parameter(unit.layer, "b", (unit.index, 0), now, Lock.OPEN, near)

    def _chip(self, number: int) -> Figure | None:
        key, index = self.wires.cell(number)
        layer, array = key.split(".", 1)
        step = self.step
        now = number in self.wires_now
        if now and step is not None and isinstance(step.term, Product):
            return Figure(_term(step.term, self.trace.lookup), Look.ACTIVE, self._lock(number), True)
        near = number in self.near_wires
        read = number in self.read
        return self._parameter(layer, array, index, now, self._lock(number), near, read)

    def _lock(self, number: int) -> Lock:
        """All old weights are held until every slope is known, and change after that."""
        if self.wires.locked(number):
            return Lock.LOCKED
        return _LOCKS.get(self.phase, Lock.OPEN)

    def _parameter(
        self,
        layer: str,
        array: str,
        index: tuple[int, ...],
        now: bool,
        lock: Lock,
        near: bool,
        read: bool = False,
    ) -> Figure:
        """A weight: its value, from the backward phase on its slope, and at last its new value."""
        old = self._given(layer, array, index)
        if old is None:
            return NOTHING
        quiet = Look.PLAIN if near else Look.MUTED
        if self.phase is Phase.UPDATE:
            new = self._value(layer, f"new {array}", index, None)
            if new is not None:
                figure = self._changed(layer, array, index, old, new) if now else _moved(old, new)
                return replace(figure, cell=(layer, f"new {array}", index, None))
            for stage in reversed(STAGES) if now else ():
                found = self._value(layer, f"{stage}d{array}", index, None)
                if found is not None:
                    late = (layer, f"{stage}d{array}", index, None)
                    return Figure(f"{_STAGES[stage]} {exact(found)}", Look.SLOPE, framed=True, cell=late)
            return Figure(short(old), Look.ACTIVE if now else quiet, lock, now)
        if self.phase is Phase.BACKWARD:
            slope = self._value(layer, f"d{array}", index, self.example)
            if slope is not None and (now or not read):
                name = "db" if array == "b" else "dw"
                cell = (layer, f"d{array}", index, self.example)
                return Figure(f"{name} {_written(slope, now)}", Look.SLOPE, framed=now, cell=cell)
            return Figure(short(old), Look.ACTIVE if now else quiet, lock, now)
        if now:
            return Figure(("+ " if old >= 0 else "− ") + exact(abs(old)), Look.ACTIVE, lock, True)
        return Figure(short(old), quiet, lock)

    def _changed(self, layer: str, array: str, index: tuple[int, ...], old: float, new: float) -> Figure:
        """Value, slope and step of a weight, one below the other, each in its own look."""
        if array == "b" or " " in array:
            return Figure(f"{exact(old)} → {exact(new)}", Look.STEP, framed=True)
        stages = (self._given(layer, f"{stage}d{array}", index) for stage in (*reversed(STAGES), ""))
        slope = next((each for each in stages if each is not None), 0.0)
        step = f"{_arrow(new - old)} {exact(abs(new - old))}"
        parts = ((exact(old), Look.PLAIN), (f"∂ {exact(slope)}", Look.SLOPE), (step, Look.STEP))
        return on_one_plate(*parts, stacked=True)

    # ---------------------------------------------------------------- notes

    def _notes(self) -> Iterable[Note]:
        step = self.step
        if step is None:
            return
        if step.target.owner == LOSS:
            for place in self.geometry.places.values():
                if place.role == "output" and (place.units or place.is_block):
                    text = f"{_letter(step.target)} {self._result(step.value)}"
                    beside = (place.id, WHOLE) if place.is_block else place.units[0].unit
                    yield Note(beside, text, Look.SLOPE)
                    return
        weight = self._weight_note(step)
        if weight is not None:
            yield weight
            return
        unit = unit_of(step.target.key, self.geometry)
        look = Look.SLOPE if step.phase is Phase.BACKWARD else Look.ACTIVE
        owner = self.geometry.node(step.target.owner)
        if unit is not None:
            yield Note(unit.unit, self._sentence(step), look)
        elif owner is not None and owner.is_block:
            yield Note((step.target.owner, WHOLE), self._sentence(step), look)

    def _weight_note(self, step: Step) -> Note | None:
        """``w := 0.4118 + 0.0115 = 0.4233`` beside the neuron that a new weight leads to."""
        layer, array = step.target.owner, step.target.array.removeprefix("new ")
        place = self.geometry.places.get(layer)
        if step.kind != "update" or not array.startswith("W.") or place is None or self.walk.hidden:
            return None
        unit = next((each for each in place.units if each.index == step.target.index[0]), None)
        old = self._given(layer, array, step.target.index)
        if unit is None or old is None:
            return None
        change = step.value - old
        sign = "−" if change < 0 else "+"
        equals = sign_of(old, change, step.value)
        text = f"w := {exact(old)} {sign} {exact(abs(change))} {equals} {exact(step.value)}"
        return Note(unit.unit, text, Look.STEP)

    def _sentence(self, step: Step) -> str:
        name = _letter(step.target)
        if step.kind in {"product", "bias", "sum"}:
            if step.final:
                return f"{name} {self._result(step.value)}"
            return f"Σ {self._result(step.running if step.running is not None else step.value)}"
        if step.target.array == "a":
            places = self.geometry.places
            place = places.get(step.target.owner) or self.geometry.hidden[step.target.owner]
            letter = activation_letter(place)
            z = self._value(step.target.owner, "z", step.target.index, self.example)
            read = {(ref.owner, ref.array, ref.index) for ref in references(step.expression)}
            if read != {(step.target.owner, "z", step.target.index)}:
                z = None
            if letter == "g":
                letter = as_text(in_numbers(step.expression, self.trace.lookup)).split("(")[0]
            if z is not None and letter.isalpha() and len(letter) < 8:
                return f"{letter}({exact(z)}) {self._result(step.value, z)}"
        digits = as_text(in_numbers(step.expression, self.trace.lookup, exact))
        if len(digits) <= LONGEST and digits != exact(step.value):
            put_in = [self.trace.lookup(ref) for ref in references(step.expression)]
            return f"{name} {sign_of(*put_in)} {digits} {self._result(step.value, *put_in)}"
        return f"{name} {self._result(step.value)}"

    def _result(self, value: float, *put_in: float) -> str:
        """The number of the step, unless it is to be predicted, with the sign before it."""
        return f"{sign_of(*put_in)} ?" if self.walk.hidden else f"{sign_of(value, *put_in)} {exact(value)}"


def sentence_of(step: Step) -> str:
    """What happens in a step, for a screen reader."""
    name = f"{_letter(step.target)}{step.target.layer}_{step.target.below}"
    words = QCoreApplication.translate("Canvas", "{name} is {value}")
    return words.format(name=name, value=exact(step.value))


def _letter(ref: Ref) -> str:
    return ref.letter or ref.array


def _written(value: float, fully: bool) -> str:
    if value == 0:
        return "0"
    return exact(value) if fully else short(value)


def _arrow(change: float) -> str:
    """Which way a weight goes."""
    return "↑" if change > 0 else "↓" if change < 0 else "="


def _moved(old: float, new: float) -> Figure:
    """A new weight, plain as every value, with the way it went."""
    return on_one_plate((short(new), Look.PLAIN), (f" {_arrow(new - old)}", Look.STEP))


def _term(term: Product, lookup) -> str:
    """``+ 0.5 · (1.2)``: the sign of the weight is the sign of the term."""
    first, *others = (float(lookup(each)) if isinstance(each, Ref) else 1.0 for each in term.factors)
    rest = "".join(f" · ({exact(each)})" for each in others)
    return f"{'−' if first < 0 else '+'} {exact(abs(first))}{rest}"


def _now(step: Step | None) -> tuple[Ref, ...]:
    """What is calculated with in this very step."""
    if step is None:
        return ()
    if step.term is not None:
        return (step.target, *references(step.term))
    return (step.target,)


def _concerned(step: Step | None) -> tuple[Ref, ...]:
    """What belongs to the number that is being calculated."""
    return () if step is None else (step.target, *references(step.expression))


def _units(keys: Iterable[tuple], geometry: Geometry) -> Iterable[Unit]:
    for key in keys:
        unit = unit_of(key, geometry)
        if unit is not None:
            yield unit.unit
