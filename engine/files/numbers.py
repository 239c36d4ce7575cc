"""Where the numbers of a project come from: the arrays of an archive, lists in JSON, or memory."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.document import Document
from engine.files.npy import MOST_NUMBERS, Wanted, fits, sides
from engine.files.problems import Wrong, clipped, shown
from engine.files.runs import array_name
from engine.files.schema import ProjectEntry
from engine.layout import Layout
from engine.learned import Learned, fresh, frozen
from engine.optimizers import optimizers


class Numbers(Protocol):
    """Arrays by name: ``parameters/hidden.W.input``, ``initial/...``, ``memory/v/...``, table, curve."""

    @property
    def whole(self) -> bool:
        """Whether every parameter must be there; else missing ones are drawn from the seed."""

    def has(self, name: str) -> bool:
        """Whether there is an array of that name."""

    def read(self, name: str, shape: Wanted) -> Array:
        """The array, in the shape asked for; raises ``Wrong``."""


class InMemory:
    """The arrays of an open project, checked before it is saved."""

    whole = True

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays

    def has(self, name: str) -> bool:
        """Whether there is an array of that name."""
        return name in self._arrays

    def read(self, name: str, shape: Wanted) -> Array:
        """The array itself."""
        found = self._arrays.get(name)
        if found is None:
            raise Wrong(f"the array {name} is missing")
        if not fits(found.shape, shape):
            raise Wrong(f"{name} must be {sides(shape)}, not {sides(found.shape)}")
        return found


class Inline:
    """Numbers written as lists within JSON; a number may also be a text such as "1/3"."""

    whole = False

    def __init__(self, entry: ProjectEntry) -> None:
        self._lists: dict[str, Any] = {}
        for group in ("parameters", "initial"):
            self._take(group, getattr(entry, group))
        for vector, given in entry.memory.items():
            if not isinstance(given, dict):
                raise Wrong(f"memory.{clipped(vector, 40)} must be an object in braces")
            self._take(f"memory/{vector}", given)
        if entry.table is not None and entry.table.rows is not None:
            self._lists["table"] = entry.table.rows
        if entry.curve.values is not None:
            self._lists["curve"] = entry.curve.values
        for run in entry.runs:
            if run.values is not None:
                self._lists[array_name(run.number)] = run.values

    @property
    def given(self) -> bool:
        """Whether there are any numbers at all."""
        return bool(self._lists)

    def name_in_full(self, document: Document) -> None:
        """Replace the short names of weights (``hidden.W``) by the full ones (``hidden.W.input``)."""
        full: dict[str, Any] = {}
        known = _slots(document)
        for name, given in self._lists.items():
            group, _, key = name.rpartition("/")
            key = key if key in known else _full_key(document, key) if group else name
            path = f"{group}/{key}" if group else name
            if path in full:
                raise Wrong(f"{group}: '{clipped(key, 60)}' is given twice")
            full[path] = given
        self._lists = full

    def names(self, group: str) -> set[str]:
        """The parameters that are given in a group."""
        return {name[len(group) + 1 :] for name in self._lists if name.startswith(f"{group}/")}

    def has(self, name: str) -> bool:
        """Whether the numbers are given."""
        return name in self._lists

    def read(self, name: str, shape: Wanted) -> Array:
        """The numbers as a double array of that shape."""
        if name not in self._lists:
            raise Wrong(f"{name} is missing")
        return array_of(self._lists[name], shape, name)

    def _take(self, group: str, given: dict[str, Any]) -> None:
        for key, value in given.items():
            self._lists[f"{group}/{key.replace('/', ' ')}"] = value


def _slots(document: Document) -> Collection[str]:
    """The full names of all parameters; none where the network does not fit together."""
    try:
        return Layout(document).slots.keys()
    except AxonError:
        return ()


def _full_key(document: Document, key: str) -> str:
    layer, dot, part = key.rpartition(".")
    if dot and part == "W" and document.has(layer):
        wires = document.incoming(layer)
        if len(wires) == 1:
            return f"{key}.{wires[0].source}"
        if wires:
            raise Wrong(
                f"'{clipped(key, 40)}' has {len(wires)} inputs: write {key}.{wires[0].source} and so on"
            )
    return key


# -------------------------------------------------------------------- lists of numbers

_FRACTION = re.compile(r"\s*([+−-]?)(\d{1,300}(?:\.\d{1,300})?)(?:\s*/\s*(\d{1,300}(?:\.\d{1,300})?))?\s*")


def number_of(value: object, name: str) -> float:
    """A number, or a text such as "1/3", "−2/3", "0.25"; raises ``Wrong`` for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isfinite(value):
            return float(value)
    elif isinstance(value, str) and (match := _FRACTION.fullmatch(value[:700])):
        sign, above, below = match.groups()
        if below is None or Fraction(below) != 0:
            size = Fraction(above) / Fraction(below or "1")
            try:
                return -float(size) if sign in {"-", "−"} else float(size)
            except OverflowError:
                pass
    raise Wrong(f"{name} has {shown(value)} where a number must stand")


def array_of(value: object, wanted: Wanted, name: str) -> Array:
    """Nested lists as an array of that shape; a row or a column may be one flat list."""
    if None not in wanted:
        shape = tuple(side for side in wanted if side is not None)
        size = math.prod(shape)
        if size == 1 and not isinstance(value, list):
            return np.full(shape, number_of(value, name))
        flat = isinstance(value, list) and not any(isinstance(item, list) for item in value)
        if flat and len(shape) > 1 and size in shape and isinstance(value, list) and len(value) == size:
            return np.array([number_of(item, name) for item in value]).reshape(shape)
    found: list[float] = []
    lengths: list[int | None] = list(wanted)
    _collect(value, lengths, 0, found, wanted, name)
    return np.array(found, np.float64).reshape([side or 0 for side in lengths])


def _collect(
    value: object, lengths: list[int | None], level: int, found: list[float], wanted: Wanted, name: str
) -> None:
    if level == len(lengths):
        if isinstance(value, list):
            raise Wrong(f"{name} must be {sides(wanted)}, but lists are nested deeper")
        found.append(number_of(value, name))
        return
    if not isinstance(value, list):
        raise Wrong(f"{name} must be {sides(wanted)}, but {shown(value)} stands where a list must be")
    if lengths[level] is None:
        lengths[level] = len(value)
    if len(value) != lengths[level]:
        raise Wrong(
            f"{name} must be {sides(wanted)}, but a list has {len(value)} entries, not {lengths[level]}"
        )
    if len(found) + len(value) > MOST_NUMBERS:
        raise Wrong(f"{name} has more than {MOST_NUMBERS:,} numbers")
    for item in value:
        _collect(item, lengths, level + 1, found, wanted, name)


# -------------------------------------------------------------------- what was learned


def learned_of(entry: ProjectEntry, layout: Layout, numbers: Numbers) -> Learned:
    """Parameters, first values and the optimizer's memory for every parameter of the network."""
    parameters = _parameters(layout, numbers)
    initial = {
        key: _finite(numbers.read(f"initial/{key}", slot.shape), f"initial/{key}")
        if numbers.whole or numbers.has(f"initial/{key}")
        else parameters[key]
        for key, slot in layout.slots.items()
    }
    if all(parameters[key].tobytes() == initial[key].tobytes() for key in parameters):
        initial = parameters
    clock = entry.step if entry.clock is None else entry.clock
    return Learned(parameters, initial, _memory(layout, numbers, parameters), entry.step, clock)


def _parameters(layout: Layout, numbers: Numbers) -> dict[str, Array]:
    drawn: Mapping[str, Array] = {}
    made = {}
    for key, slot in layout.slots.items():
        name = f"parameters/{key}"
        if numbers.whole or numbers.has(name):
            made[key] = _finite(numbers.read(name, slot.shape), name)
            continue
        if not drawn:
            try:
                drawn = fresh(layout.document).parameters
            except AxonError as error:
                raise Wrong(str(error)) from None
        made[key] = drawn[key]
    return made


def _memory(layout: Layout, numbers: Numbers, parameters: Mapping[str, Array]) -> dict[str, dict[str, Array]]:
    made = {}
    for vector in optimizers.make(layout.document.optimizer).memories:
        group = {key: f"memory/{vector}/{key}" for key, slot in layout.slots.items() if slot.learned}
        there = any(numbers.has(name) for name in group.values())
        made[vector] = {
            key: frozen(numbers.read(name, layout.slots[key].shape))
            if numbers.has(name) or (numbers.whole and there)
            else frozen(np.zeros_like(parameters[key]))
            for key, name in group.items()
        }
    return made


def _finite(array: Array, name: str) -> Array:
    if not np.isfinite(array).all():
        group, _, key = name.partition("/")
        which = "the weights" if group == "parameters" else "the first values of"
        raise Wrong(f"{which} {key} have a number that is infinite or not a number")
    return frozen(array)
