"""What a layer keeps of its forward pass because its backward pass reads it: the lecture's cache.

Nothing is listed by hand: the explanations of the backward arrays say what they read. For a dense layer
that is ``a[l-1]`` (for dW), ``z[l]`` (for g') and ``W[l]`` (for da of the layer before).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from engine.core.expressions import Expression, Ref, references
from engine.core.plan import Phase
from engine.document import Document
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace

MOST_READ = 64
"""References of one formula that are looked at: after so many of a long sum no new array turns up."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One array in the cache of a layer; ``ref`` is some cell of it."""

    ref: Ref
    since: tuple[int, ...]
    """For every example the step after which it lies there."""

    @property
    def name(self) -> str:
        """How the whole array is called: ``a[1]``, ``W[2]``."""
        letter = self.ref.letter or self.ref.array
        return (letter.upper() if self.ref.array.startswith("W") else letter) + self.ref.layer.partition("⟨")[
            0
        ]


_known: WeakKeyDictionary[Trace, dict[str, tuple[Kept, ...]]] = WeakKeyDictionary()
_read_in: OrderedDict[int, tuple[Document, dict[str, tuple[Ref, ...]]]] = OrderedDict()
"""What the layers of the last few documents read: to find that out takes the time, and it never changes."""
DOCUMENTS = 4


def look_through(trace: Trace) -> None:
    """Find out what every layer keeps; the worker does so where it makes a trace."""
    for node in trace.layout.active:
        kept(trace, node.layer.id)


def is_looked_through(trace: Trace) -> bool:
    """Whether that is done; else to ask takes its time."""
    return trace in _known


def kept(trace: Trace, owner: str) -> tuple[Kept, ...]:
    """What a layer keeps: what came in first, then what it calculated, then its parameters."""
    layers = _known.setdefault(trace, {})
    if owner not in layers:
        layers[owner] = _kept(trace, owner)
    return layers[owner]


def from_cache(trace: Trace, reader: str, ref: Ref) -> Kept | None:
    """What of the cache of a layer a cell lies in; a stands for the z that the slope is the slope at."""
    ref = _as_kept(trace, reader, ref)
    mine = (
        each for each in kept(trace, reader) if (each.ref.owner, each.ref.array) == (ref.owner, ref.array)
    )
    return next(mine, None)


def read_of_cache(trace: Trace, target: Ref, ref: Ref) -> tuple[str, Kept] | None:
    """The layer whose cache a number of a backward formula lies in, and what it is there; ``None`` for one
    that comes from above, or that the loss keeps for itself."""
    place = trace.network.places.get(target.owner)
    of_loss = target.owner == trace.network.output.layer.id and (
        target.array == "da" or (target.array == "dz" and place is not None and place.dz_given)
    )
    if of_loss or target.owner == LOSS:
        return None
    reader = ref.owner if ref.example is None else target.owner
    found = from_cache(trace, reader, ref)
    return None if found is None else (reader, found)


def _kept(trace: Trace, owner: str) -> tuple[Kept, ...]:
    section = next(
        (n for n, each in enumerate(trace.sections) if (each.phase, each.owner) == _forward(owner)), None
    )
    if section is None or owner not in trace.network.places:
        return ()
    _, read = _read_in.setdefault(id(trace.document), (trace.document, {}))
    while len(_read_in) > DOCUMENTS:
        _read_in.popitem(last=False)
    if owner not in read:
        read[owner] = _arrays_read(trace, owner)
    starts = [
        trace.starts[n]
        for n, each in enumerate(trace.sections)
        if (each.phase, each.owner) == _forward(owner)
    ]
    moments, counts = trace.sections[section].moments, trace.sections[section].counts
    made = []
    for ref in read[owner]:
        ends = [end for moment, end in zip(moments, counts[1:], strict=True) if moment.array == ref.array]
        own = ref.owner == owner and ref.example is not None and bool(ends)
        made.append(Kept(ref, tuple(start + (max(ends) - 1 if own else 0) for start in starts)))
    return tuple(made)


def _arrays_read(trace: Trace, owner: str) -> tuple[Ref, ...]:
    """One cell of every array that the forward pass knows and the backward of a layer reads."""
    found: dict[tuple[str, str], Ref] = {}
    for ref in _read(trace, owner):
        ref = _as_kept(trace, owner, ref)
        if _is_of_forward(trace, ref):
            found.setdefault((ref.owner, ref.array), ref)
    return tuple(sorted(found.values(), key=lambda ref: (ref.example is None, ref.owner == owner)))


def _forward(owner: str) -> tuple[Phase, str]:
    return Phase.FORWARD, owner


def _read(trace: Trace, owner: str) -> Iterator[Ref]:
    """All that the formulas of a layer's backward read, one cell of every array."""
    place, node = trace.network.places[owner], trace.layout.nodes[owner]
    arrays: dict[str, tuple[int, ...]] = {}
    for moment in node.kind.steps(place, Phase.BACKWARD):
        if moment.array != "da" and moment.array not in arrays:
            arrays[moment.array] = moment.index
    for array, index in arrays.items():
        yield from _some(trace.network.cell(owner, array, index, 0))
    for port in place.inputs:
        yield from _some(node.kind.sent(place, port, tuple(0 for _ in port.shape), 0))


def _some(node: Expression) -> Iterator[Ref]:
    for number, ref in enumerate(references(node)):
        if number >= MOST_READ:
            return
        yield ref


def _as_kept(trace: Trace, owner: str, ref: Ref) -> Ref:
    """z in the place of a layer's own a: the slope is the slope at z, however it is calculated."""
    if ref.owner == owner and ref.array == "a" and (owner, "z") in trace.arrays:
        return replace(ref, array="z", letter="z")
    return ref


def _is_of_forward(trace: Trace, ref: Ref) -> bool:
    """Whether the forward pass made or read it: a parameter, the data, what a layer calculated."""
    node = trace.layout.nodes.get(ref.owner)
    if node is None:
        return False
    if ref.example is None:
        return f"{ref.owner}.{ref.array}" in trace.layout.slots
    if ref.array == "a":
        return True
    number = trace.number_of(*ref.key)
    return number is not None and trace.section_of(number)[1].phase is Phase.FORWARD
