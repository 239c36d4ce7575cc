"""The un-vectorised form of a step: plain loops in Python, as the lecture writes them before vectorising.

What an array is made of comes from its kind (``LayerKind.loop``); an array whose cells are made of numbers at
the same place is told by the formula of one of them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from engine.core.expressions import Expression, Ref, references
from engine.core.loops import POSITIONS, written_out
from engine.core.place import Place, Port
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.walkthrough.numpy_line import parameter_name
from gui.walkthrough.spelling import CONSTANT, as_code, code_name, constants, spelled_out

Address = tuple[str, str]
"""The owner of an array and its name."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Loops in Python, beside its own words with the functions of ``math`` (and ``sign``).

    They calculate the array ``result``, which they call ``target``; ``names`` says what the others are. An
    update works in place: there ``names`` has what the target is before.
    """

    text: str
    target: str
    result: Address
    names: Mapping[str, Address]


_KNOWN: WeakKeyDictionary[Trace, dict[Address, Loop | None]] = WeakKeyDictionary()
"""The loops of an array are the same at every step."""


def loop_of(trace: Trace, ref: Ref) -> Loop | None:
    """The loops of the array in which a cell lies; ``None`` where there are none to show."""
    known, address = _KNOWN.setdefault(trace, {}), (ref.owner, ref.array)
    if address not in known:
        known[address] = _loop_of(trace, ref)
    return known[address]


def _loop_of(trace: Trace, ref: Ref) -> Loop | None:
    array = ref.array.partition(".")[0]
    place = trace.network.places.get(ref.owner)
    if ref.owner == LOSS:
        return _cost(trace) if ref.array == "J" else None
    if place is None or _held(trace, ref):
        return None
    if array == "da" and place.id != trace.network.output.layer.id:
        return _sent_back(trace, place)
    kind = trace.layout.nodes[place.id].kind
    names = names_of(trace, place)
    called = next((name for name, address in names.items() if address == (ref.owner, ref.array)), "")
    equation = kind.loop(place, called) if called and array != "da" else ""
    return _written(trace, place, called, equation, names) if equation else _by_cell(trace, ref, place)


def _held(trace: Trace, ref: Ref) -> bool:
    """Whether an update leaves out locked synapses, which no loop over all of them says."""
    wire = trace.document.connection(ref.array.partition(".")[2], ref.owner) if " " in ref.array else None
    return wire is not None and bool(wire.locked)


def _cost(trace: Trace) -> Loop:
    text = f"J = 0.0\nfor e in range({trace.m}):\n    J += L[0, e]\nJ = J / {trace.m}"
    return Loop(text, "J", (LOSS, "J"), {"L": (LOSS, "L")})


def _sent_back(trace: Trace, place: Place) -> Loop | None:
    """da of a layer is what the layer after it sends back, if there is one only."""
    after = [(p, q) for p in trace.network.places.values() for q in p.inputs if q.source == place.id]
    if len(after) != 1:
        return None
    ((behind, port),) = after
    names = names_of(trace, behind)
    called = f"da{_number_of(behind, port) or '_prev'}"
    key = called.replace("_prev", "")
    equation = trace.layout.nodes[behind.id].kind.loop(behind, key)
    if equation:
        return _written(trace, behind, called, equation, names)
    first = trace.ref(place.id, "da", _probe(place.shape), 0)
    return _by_cell(trace, first, behind)


def names_of(trace: Trace, place: Place) -> dict[str, Address]:
    """What the arrays around a layer are called: W, b, a_prev, a, dz; of several inputs a_1, W_1."""
    found: dict[str, Address] = {}
    for port in place.inputs:
        number = _number_of(place, port)
        found[f"a{number or '_prev'}"] = (port.source, "a")
        if (port.source, "da") in trace.arrays:
            found[f"da{number or '_prev'}"] = (port.source, "da")
    ends = {port.source: _number_of(place, port) for port in place.inputs}
    for owner, array in trace.arrays:
        head, _, source = array.partition(".")
        if owner == place.id and head.isidentifier():
            found[head + ends.get(source, "")] = (owner, array)
    return found


def _number_of(place: Place, port: Port) -> str:
    """``_1`` for the first of several inputs; nothing for the only one."""
    return f"_{place.inputs.index(port) + 1}" if len(place.inputs) > 1 else ""


def _written(
    trace: Trace, place: Place, called: str, equation: str, names: dict[str, Address]
) -> Loop | None:
    shapes = {name: trace.arrays[address].shape for name, address in names.items()}
    shapes |= {f"mask{_number_of(place, p)}": p.mask.shape for p in place.inputs if p.mask is not None}
    numbers = trace.layout.nodes[place.id].kind.numbers_in_loops(place)
    text = written_out(equation, shapes, len(place.shape), numbers)
    return Loop(text, called, names[called], names)


# ---------------------------------------------------------------- of one place alone


def _probe(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A cell whose indices differ from one another where the shape allows."""
    return tuple(min(axis + 1, size - 1) for axis, size in enumerate(shape))


def _by_cell(trace: Trace, ref: Ref, place: Place) -> Loop | None:
    """Loops around the formula of one cell, if it reads nothing but numbers at its own place."""
    shared = ref.example is None
    if not shared and f"{ref.owner}.{ref.array.removeprefix('d')}" in trace.layout.slots:
        return None  # the share of one example in a gradient: the array holds the sum of all
    shape = trace.arrays[ref.owner, ref.array].shape
    sizes = shape if shared else shape[:-1]
    taken = names_of(trace, place)
    axes = ("j", "k", "l") if shared else POSITIONS.get(len(sizes), ("j", "k", "l"))
    indices = ("u" if "i" in taken else "i", *axes)[: len(sizes)]
    names: dict[str, Address] = {}
    texts, used = set(), set[str]()
    for probe in {_probe(sizes), tuple(size - 1 for size in sizes), (0,) * len(sizes)}:
        here = trace.ref(ref.owner, ref.array, probe, ref.example)
        try:
            expression = spelled_out(trace.cell(here), trace, here)
            texts.add(as_code(expression, _Names(trace, place, probe, indices, names), plain=True))
        except LookupError:  # given, or made of other places too
            return None
        if not any(each.owner != CONSTANT for each in references(expression)):
            return None  # drawn by lot
        used |= {each.array for each in references(expression) if each.owner == CONSTANT}
    called = _called(trace, place, ref)
    if len(texts) != 1 or not called:
        return None
    loops = [*([] if shared else [("e", trace.m)]), *zip(indices, sizes, strict=True)]
    settings = constants(trace)
    lines = [f"{code_name(each)} = {settings[each]!r}" for each in sorted(used)]
    lines += [f"{'    ' * deep}for {name} in range({size}):" for deep, (name, size) in enumerate(loops)]
    left = ", ".join((*indices, *(() if shared else ("e",))))
    lines.append(f"{'    ' * len(loops)}{called}[{left}] = {texts.pop()}")
    return Loop("\n".join(lines), called, (ref.owner, ref.array), names)


def _called(trace: Trace, place: Place, ref: Ref) -> str:
    """What an array is called; in an update as in NumPy, where ``mean dW`` and ``new W`` are dW and W."""
    if " " in ref.array or (ref.owner == place.id and ref.example is None):
        return parameter_name(ref)
    if ref.owner == LOSS:
        return ref.array
    address = (ref.owner, ref.array)
    return next((name for name, each in names_of(trace, place).items() if each == address), "")


@dataclass(frozen=True, slots=True)
class _Names:
    """Writes references with letters for the indices of a probe, and notes the arrays."""

    trace: Trace
    place: Place
    probe: tuple[int, ...]
    indices: tuple[str, ...]
    found: dict[str, Address]

    def __call__(self, ref: Ref) -> str:
        """The reference; ``LookupError`` for one at another place."""
        called = _called(self.trace, self.place, ref)
        if not called or ref.index != self.probe:
            raise LookupError(ref)
        self.found[called] = (ref.owner, ref.array)
        return f"{called}[{', '.join((*self.indices, *(() if ref.example is None else ('e',))))}]"


# ---------------------------------------------------------------- where the walk is


@dataclass(frozen=True, slots=True)
class Here:
    """A loop with the present place in it: what stands behind the lines, and the line that is done now."""

    text: str
    line: int | None


def at_place(loop: Loop, trace: Trace, ref: Ref, term: Expression | None, word: str) -> Here:
    """The loop with ``# here i = 1`` behind every line whose index is known; ``word`` is "here"."""
    values = dict(_values(loop, ref, term))
    shown, assigned = [], []
    for number, line in enumerate(loop.text.split("\n")):
        match line.split():
            case ["for", name, *_] if name in values:
                shown.append(f"{line}  # {word} {name} = {values[name]}")
                continue
            case words if {"=", "+=", "-="} & set(words):
                assigned.append(number)
        shown.append(line)
    first = isinstance(term, Ref)  # a bias: what the sum begins with
    return Here("\n".join(shown), assigned[0 if first else -1] if assigned else None)


def _values(loop: Loop, ref: Ref, term: Expression | None) -> Iterator[tuple[str, int]]:
    """The indices of the loop at a cell and at the term of its sum that is looked at."""
    read = {(each.owner, each.array): each for each in references(term)} if term is not None else {}
    read[loop.result] = ref
    if ref.example is not None:
        yield "e", ref.example
    for node in ast.walk(_parsed(loop.text)):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                cell = read.get(loop.result if name == loop.target else loop.names.get(name, loop.result))
                if cell is None or name not in {loop.target, *loop.names}:
                    continue
                places = index.elts if isinstance(index, ast.Tuple) else [index]
                where = (*cell.index, *(() if cell.example is None else (cell.example,)))
                for place, value in zip(places, where, strict=False):
                    if isinstance(place, ast.Name):
                        yield place.id, value


@lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)
