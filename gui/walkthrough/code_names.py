"""The names in a line of NumPy and the numbers that each of them holds.

``z = W @ a_prev + b``: hovering ``W`` lights up the matrix and its synapses, and a synapse lights up ``W``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from engine.core.expressions import Function, Ref, references
from engine.trace import Trace
from engine.update_cells import STAGES
from gui.walkthrough.page import Name
from gui.walkthrough.told import Told
from gui.workspace import CellKey

Array = tuple[str, str, int | None]
MOST_CELLS = 4096
"""Of a larger array no more numbers light up at once."""
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_SPELLINGS = {"slope": {"g_prime"}, "da": {"da", "da_prev"}}


def names_in(code: str, told: Told) -> tuple[Name, ...]:
    """Every name of the line that stands for numbers of the formula."""
    known = [(word, array) for array in _arrays(told) for word in _words(array, told.target)]
    found = []
    for match in _WORD.finditer(code):
        if code[match.start() - 1 : match.start()] == "." or code[match.end() : match.end() + 1] == "(":
            continue  # a function, or what belongs to one
        arrays = frozenset(array for word, array in known if word == match.group())
        if arrays:
            found.append(Name(match.start(), match.end(), arrays))
    return tuple(found)


def _arrays(told: Told) -> Iterator[Array]:
    """The arrays that the formula is about, the number itself first."""
    expression, read = told.expression, [told.target, *references(told.expression)]
    if isinstance(expression, Function) and expression.definition is not None:
        read += references(expression.definition)
    return iter(dict.fromkeys((ref.owner, ref.array, ref.example) for ref in read))


def _words(array: Array, target: Ref) -> set[str]:
    """How an array may be called: dW.input is dW, the output of the layer behind a_prev, a vector m_W."""
    owner, name, _ = array
    name = name.removeprefix("new ")
    for stage in STAGES:
        name = name.removeprefix(stage)
    vector, _, of = name.rpartition(" ")
    head = of.partition(".")[0]
    if vector:
        return {f"{vector}_{head}"}
    if head == "a" and target.owner not in {owner, "loss"}:
        return {"a_prev"}
    return _SPELLINGS.get(head, {head})


def cells_of(name: Name, trace: Trace) -> frozenset[CellKey]:
    """The numbers that a name stands for."""
    found: list[CellKey] = []
    for owner, array, example in name.arrays:
        values = trace.arrays.get((owner, array))
        if values is None:
            continue
        parameter = f"{owner}.{array.removeprefix('d')}" in trace.layout.slots
        shape = values.shape if example is None or parameter else values.shape[:-1]
        room = MOST_CELLS - len(found)
        found += [(owner, array, i, example) for i, _ in zip(np.ndindex(shape), range(room), strict=False)]
    return frozenset(found)
