"""The users of a number: what an update calculates from it. The inverse of ``references``."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator

import numpy as np

from engine.core.expressions import Ref, references
from engine.core.place import positions
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace

Table = dict[tuple[object, ...], list[Ref]]
Array = tuple[str, str]
"""A layer and one of its arrays."""


class Users:
    """Finds them in one trace: ``u in of(r)`` if and only if ``r in references(cell(u))``.

    A layer says only where a number of its comes from. So the cells of an array are asked once, each
    for what it is made of, and entered under those; a further question about the array is a look into
    that table. Only arrays are asked that can use the number: those of its own layer, of the layers
    before, behind and beside it (the other inputs of a layer behind), and of the loss.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = weakref.proxy(trace)  # whoever keeps the tables of a trace keeps the trace too
        self._tables: dict[tuple[Array, int | None], Table] = {}
        layout = trace.layout
        self._parameters = frozenset((slot.layer, slot.part.name) for slot in layout.slots.values())
        self._near: dict[str, frozenset[str]] = {}
        for node in layout.active:
            id = node.layer.id
            behind = [each for each in layout.active if id in each.inputs]
            beside = {other for each in behind for other in each.inputs}
            self._near[id] = frozenset({id, *node.inputs, *beside, *(each.layer.id for each in behind)})
        out = layout.output.layer.id
        self._near[out] |= {LOSS}
        self._near[LOSS] = frozenset({LOSS, out})
        self._near["optimizer"] = frozenset(self._near) - {LOSS}  # the norm by which all are clipped

    def of(self, ref: Ref, wanted: Callable[[Array], bool] = lambda _: True) -> tuple[Ref, ...]:
        """All numbers that are calculated from this one, in the arrays that are wanted."""
        found: dict[tuple[object, ...], Ref] = {}
        for array in self._arrays(ref):
            if not wanted(array):
                continue
            if self.is_dense(array):
                found |= {each.key: each for each in self._in_dense(array[0], ref)}
                continue
            for example in self._examples(array, ref):
                for each in self._table(array, example).get(ref.key, ()):
                    found[each.key] = each
        return tuple(found.values())

    # ---------------------------------------------------------------- weighted sums

    def is_dense(self, array: Array) -> bool:
        """Whether an array holds the weighted sums of a dense layer: their users follow from the indices.

        With a thousand units before and behind, a million products would have to be looked through.
        """
        node = self._trace.layout.nodes.get(array[0])
        return array[1] == "z" and node is not None and node.kind.weighted

    def _in_dense(self, owner: str, ref: Ref) -> Iterator[Ref]:
        """z_i = Σ_j w_ij a_j + b_i: who reads w_ij, b_i or a_j, at every position of a sequence."""
        place, every = self._trace.network.places[owner], range(self._trace.m)
        rows, at = range(place.shape[0]), ref.index[1:]
        for port in place.inputs:
            if (ref.owner, ref.array) == (port.source, "a") and ref.example is not None:
                for i in rows:
                    if port.connects(i, ref.index[0]):
                        yield place.ref("z", (i, *at), ref.example)
            if (ref.owner, ref.array) == (owner, f"W.{port.source}") and port.connects(*ref.index):
                for where in positions(place.shape):
                    yield from (place.ref("z", (ref.index[0], *where), k) for k in every)
        if (ref.owner, ref.array) == (owner, "b") and place.inputs:
            for where in positions(place.shape):
                yield from (place.ref("z", (ref.index[0], *where), k) for k in every)

    # ---------------------------------------------------------------- which arrays

    def _arrays(self, ref: Ref) -> Iterator[Array]:
        near = self._near.get(ref.owner, frozenset())
        return (array for array in list(self._trace.arrays) if array[0] in near)

    def _examples(self, array: Array, ref: Ref) -> tuple[int | None, ...]:
        """Of which examples the cells of an array are to be asked; ``None`` for what belongs to none.

        Examples meet in such numbers only: in J, in a gradient's sum, in the mean over a batch.
        """
        whole, single = self.kinds(array)
        every: tuple[int | None, ...] = tuple(range(self._trace.m)) if ref.example is None else (ref.example,)
        return (*((None,) if whole else ()), *(every if single else ()))

    def kinds(self, array: Array) -> tuple[bool, bool]:
        """Whether an array has cells that belong to no example, and cells that belong to one."""
        owner, name = array
        if owner == LOSS:
            return name == "J", name != "J"
        bare = name.removeprefix("d")
        if (owner, bare) in self._parameters and name != bare:
            return True, True  # a gradient: the share of every example, and their sum
        shared = name in self._trace.layout.nodes[owner].kind.shared
        whole = " " in name or (owner, name) in self._parameters or shared
        return whole, not whole

    # ---------------------------------------------------------------- tables

    def _table(self, array: Array, example: int | None) -> Table:
        found = self._tables.get((array, example))
        if found is None:
            found = self._tables[array, example] = self._made(array, example)
        return found

    def _made(self, array: Array, example: int | None) -> Table:
        """What is made of what, for all cells of an array."""
        trace = self._trace
        table: Table = {}
        for ref in self.cells(array, example):
            try:
                made = trace.cell(ref)
            except KeyError:
                continue  # given, not calculated
            for each in {one.key for one in references(made)}:
                table.setdefault(each, []).append(ref)
        return table

    def cells(self, array: Array, example: int | None) -> Iterator[Ref]:
        """The cells of an array for one example, or those that belong to none."""
        (owner, name), trace = array, self._trace
        if array == (LOSS, "J"):
            yield trace.ref(LOSS, "J", (0,), None)
            return
        shape = trace.arrays[array].shape
        gradient = (owner, name.removeprefix("d")) in self._parameters
        inside = shape if example is None or gradient else shape[:-1]
        for index in np.ndindex(inside):
            yield trace.ref(owner, name, index, example)


_known: weakref.WeakKeyDictionary[Trace, Users] = weakref.WeakKeyDictionary()


def users_of(trace: Trace) -> Users:
    """The tables of a trace, as far as they are made."""
    found = _known.get(trace)
    if found is None:
        found = _known[trace] = Users(trace)
    return found
