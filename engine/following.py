"""The way of one number through an update: to the loss, and back to its own gradient.

    x_1 → z[1]_3 → a[1]_3 → z[2]_1 → a[2]_1 → L → da[2]_1 → dz[2]_1 → da[1]_3 → dz[1]_3 → dx_1

Forward the way forks wherever several numbers are calculated from one; it goes where the most of it
arrives at the loss, or where it is told to. Backward it is the same way: the chain rule passes the
stations in the other direction. A parameter goes on to its new value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.core.expressions import Expression, Number, Product, Ref, Sum, evaluate, references
from engine.core.plan import Phase
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from engine.update_cells import STAGES
from engine.users import Users, users_of

Key = tuple[str, str, tuple[int, ...], int | None]
MOST_STATIONS = 400
"""A way through a very long sequence ends here."""
STEP = 1e-6
"""By how much a number is changed to see how much its user changes."""


@dataclass(frozen=True, slots=True)
class Station:
    """A number on the way, and the users of it among which the way goes on; none on the way back."""

    ref: Ref
    ways: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """All stations; ``turn`` is the number of the last one before the way back, ``None`` without one."""

    stations: tuple[Station, ...]
    turn: int | None = None

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The numbers on the way."""
        return tuple(station.ref for station in self.stations)


def way_of(trace: Trace, start: Ref, chosen: Mapping[Key, Key] | None = None, example: int = 0) -> Way:
    """The way of a number; ``chosen`` says of some stations which user comes next.

    ``example`` is the column in which a parameter is followed, which all examples read.
    """
    return _Walker(trace, chosen or {}, example if start.example is None else start.example).way(start)


class _Walker:
    def __init__(self, trace: Trace, chosen: Mapping[Key, Key], example: int) -> None:
        self.trace, self.chosen, self.example = trace, chosen, example
        self.users: Users = users_of(trace)
        self.there = forward_arrays(trace)

    def way(self, start: Ref) -> Way:
        forth = list(self._forth(start))
        top = forth[-1].ref
        if not self._is_forward(start) or top.owner != LOSS:
            return Way(tuple(forth))
        back = tuple(Station(each) for each in self._back([station.ref for station in forth]))
        return Way((*forth, *back), len(forth) - 1)

    # ---------------------------------------------------------------- there

    def _is_forward(self, ref: Ref) -> bool:
        """Whether the loss is calculated from it: an input, a parameter, a number of the forward phase."""
        if ref.owner == LOSS or (ref.owner, ref.array) in self.there or self._is_parameter(ref):
            return True
        return " " not in ref.array and not self.trace.explained(ref)

    def _is_parameter(self, ref: Ref) -> bool:
        return f"{ref.owner}.{ref.array}" in self.trace.layout.slots

    def _forth(self, start: Ref) -> Iterator[Station]:
        """From user to user, to the loss or, for a gradient, to the new weight."""
        ref, seen, forward = start, {start.key}, self._is_forward(start)
        for _ in range(MOST_STATIONS):
            wanted = self.there.__contains__ if forward else lambda array: array not in self.there
            found = [each for each in self.users.of(ref, wanted) if self._of_example(each)]
            ways = tuple(each for each in found if each.key not in seen)
            following = self._next(ref, ways)
            yield Station(ref, ways)
            if following is None:
                return
            ref = following
            seen.add(ref.key)

    def _of_example(self, ref: Ref) -> bool:
        return ref.example is None or ref.example == self.example

    def _next(self, ref: Ref, ways: tuple[Ref, ...]) -> Ref | None:
        wish = self.chosen.get(ref.key)
        told = next((each for each in ways if each.key == wish), None)
        return told or max(ways, key=lambda each: self._share(ref, each), default=None)

    def _share(self, ref: Ref, user: Ref) -> float:
        """How much of the number arrives at the loss through this user: |∂u/∂r · ∂L/∂u|."""
        arrives, gradient = 1.0, self.trace.arrays.get((user.owner, f"d{user.array}"))
        if gradient is not None and user.example is not None and not self._is_parameter(user):
            arrives = float(gradient[(*user.index, user.example)])
        found = abs(self._change(ref, user) * arrives)
        return found if math.isfinite(found) else 0.0

    def _change(self, ref: Ref, user: Ref) -> float:
        """∂u/∂r; of a weighted sum it is the weight."""
        weights = self.trace.arrays.get((user.owner, f"W.{ref.owner}"))
        if weights is not None and ref.array == "a" and self.users.is_dense((user.owner, user.array)):
            return float(weights[user.index[0], ref.index[0]])
        return slope(self.trace.cell(user), ref, self.trace)

    # ---------------------------------------------------------------- and back

    def _back(self, forth: list[Ref]) -> Iterator[Ref]:
        """The gradients of the stations, the last one first."""
        yield from (each for ref in reversed(forth) if (each := self.gradient(ref)) is not None)
        if self._is_parameter(forth[0]):
            yield from self._to_the_new_value(forth[0])

    def gradient(self, ref: Ref) -> Ref | None:
        """How the loss changes with a number, where the update calculates it."""
        array = f"d{ref.array}"
        if ref.owner == LOSS or (ref.owner, array) not in self.trace.arrays:
            return None
        example = self.example if ref.example is None and self._is_parameter(ref) else ref.example
        found = self.trace.ref(ref.owner, array, ref.index, example)
        if not self.trace.explained(found) or self.trace.cell(found) == Number(0.0):
            return None
        return found

    def _to_the_new_value(self, start: Ref) -> Iterator[Ref]:
        """The sum over the examples, what is made of it, and the new weight."""
        trace = self.trace
        ref = trace.ref(start.owner, f"new {start.array}", start.index, None)
        if not trace.explained(ref):
            return
        made = [ref]
        while (before := self._stage_before(made[-1])) is not None:
            made.append(before)
        whole = trace.ref(start.owner, f"d{start.array}", start.index, None)
        yield from reversed([*made, whole] if trace.m > 1 else made)

    def _stage_before(self, ref: Ref) -> Ref | None:
        """Of what a number of an update is made on the way from the gradient."""
        read = references(self.trace.cell(ref))
        late = (each for each in read if each.array.startswith((*STAGES, "new ")) and each.owner == ref.owner)
        return next((each for each in late if each.index == ref.index), None)


def joined_by(trace: Trace, one: Ref, two: Ref) -> tuple[Ref, ...]:
    """The parameters by which one number goes into another: the weight of the synapse between the two."""
    found: list[Ref] = []

    def look(node: Expression) -> None:
        match node:
            case Sum(terms=parts):
                for part in parts:
                    look(part)
            case Product():
                refs = list(references(node))
                if any(ref.key == one.key for ref in refs):
                    found.extend(ref for ref in refs if f"{ref.owner}.{ref.array}" in trace.layout.slots)

    if trace.explained(two):
        look(trace.cell(two))
    return tuple(found)


def forward_arrays(trace: Trace) -> frozenset[tuple[str, str]]:
    """The arrays that the forward phase and the loss calculate."""
    found = {(LOSS, "l"), (LOSS, "L"), (LOSS, "J")}
    for node in trace.layout.active:
        place = trace.network.places[node.layer.id]
        found |= {(place.id, moment.array) for moment in node.kind.steps(place, Phase.FORWARD)}
    return frozenset(found)


def slope(expression: Expression, ref: Ref, trace: Trace) -> float:
    """How fast an expression changes with one of its references, by a central difference."""
    here = trace.lookup(ref)
    step = STEP * max(1.0, abs(here))

    def at(value: float) -> float:
        return evaluate(expression, lambda each: value if each.key == ref.key else trace.lookup(each))

    return (at(here + step) - at(here - step)) / (2.0 * step)
