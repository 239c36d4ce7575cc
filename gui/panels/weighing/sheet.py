"""A sheet: two axes of one parameter as rows and columns, with the bias as a last column.

Rows are receiving units, columns sending units. A kernel has more axes: the last two make the
table, and which filter and channel is shown is chosen beside it. A sheet knows places and names;
the numbers come from a snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.core.plan import Array
from engine.document import Document
from engine.layout import Layout, Slot
from engine.symbols import Symbol, symbol_of
from gui.panels.weighing.naming import matrix_of, unit_symbol
from gui.selection import Synapse

Spot = tuple[str, tuple[int, ...]]
"""One parameter: its key and its index."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One parameter that can be shown: its key, and the bias that stands beside it."""

    key: str
    bias: str = ""


def entries_of(layout: Layout) -> tuple[Entry, ...]:
    """All parameters in the order of the layers; a bias stands beside its matrix."""
    found, beside = [], set()
    for key, slot in layout.slots.items():
        bias = _bias_of(layout, slot)
        if bias:
            beside.add(bias)
        found.append(Entry(key, bias))
    return tuple(each for each in found if each.key not in beside)


def _bias_of(layout: Layout, slot: Slot) -> str:
    """b for W, bi for Wi; only where it counts the same units."""
    head = slot.part.name.partition(".")[0]
    if not head.startswith("W") or slot.part.bias:
        return ""
    tail = "" if head in {"W", "Wx"} else head[1:]
    bias = layout.slots.get(f"{slot.layer}.b{tail}")
    fits = bias is not None and bias.shape == (slot.shape[0], 1)
    return bias.key if fits and bias is not None else ""


class Sheet:
    """See the module. ``chosen`` are the places on the axes before the last two."""

    def __init__(self, layout: Layout, entry: Entry, chosen: tuple[int, ...] = ()) -> None:
        self.layout, self.entry = layout, entry
        self.document: Document = layout.document
        self.slot = layout.slots[entry.key]
        shape = self.slot.shape
        self.shape = shape if len(shape) > 1 else (*shape, 1)
        self.outer = shape[:-2]
        """How many places there are on the axes that are chosen beside the table."""
        self.chosen = tuple(
            min(max(0, at), size - 1) for at, size in zip((*chosen, 0, 0, 0), self.outer, strict=False)
        )
        self.weights = self.shape[-1]
        """How many columns are not the bias."""
        self.rows, self.columns = self.shape[-2], self.weights + bool(entry.bias)
        self.layer = self.slot.layer
        head, _, self.source = self.slot.part.name.partition(".")
        synapses = head == "W" and bool(self.source) and not self.outer
        self.wire = self.document.connection(self.source, self.layer) if synapses else None

    def same_place(self, other: Sheet) -> bool:
        """Whether both show the same table, as before and after an edit of its numbers."""
        return (self.entry, self.chosen, self.rows, self.columns) == (
            other.entry,
            other.chosen,
            other.rows,
            other.columns,
        )

    # ---------------------------------------------------------------- places

    def spot(self, row: int, column: int) -> Spot | None:
        """The parameter of a cell; ``None`` for an empty corner beside a kernel."""
        if column < self.weights:
            return self.entry.key, (*self.chosen, row, column)[: len(self.slot.shape)]
        if not self.outer:
            return self.entry.bias, (row, 0)
        return (self.entry.bias, (self.chosen[0], 0)) if row == 0 else None

    def place(self, key: str, index: tuple[int, ...]) -> tuple[int, int] | None:
        """Where a parameter stands in the table, if it does."""
        if key == self.entry.key and len(index) == len(self.slot.shape):
            if index[: len(self.outer)] != self.chosen:
                return None
            inner = index[len(self.outer) :]
            row, column = inner if len(inner) == 2 else (inner[0], 0)
            return (row, column) if 0 <= row < self.rows and 0 <= column < self.weights else None
        if key and key == self.entry.bias and len(index) == 2:
            if self.outer:
                return (0, self.weights) if index[0] == self.chosen[0] else None
            return (index[0], self.weights) if 0 <= index[0] < self.rows else None
        return None

    def numbers(self, arrays: Mapping[str, Array]) -> Array | None:
        """The table's numbers as one matrix; NaN where there are none. ``None`` if they do not fit."""
        values, bias = arrays.get(self.entry.key), arrays.get(self.entry.bias)
        if values is None or values.shape != self.slot.shape:
            return None
        inner = values[self.chosen] if self.outer else values.reshape(self.shape)
        if not self.entry.bias:
            return np.asarray(inner)
        last = np.full((self.rows, 1), np.nan)
        if bias is not None and bias.ndim == 2:
            if self.outer:
                last[0, 0] = bias[self.chosen[0], 0]
            elif bias.shape == (self.rows, 1):
                last = bias
        return np.concatenate([inner, last], axis=1)

    def arrays(self, values: Array) -> dict[str, Array]:
        """A matrix of the table's shape as arrays of the parameters' shapes, NaN where it says nothing."""
        found = {self.entry.key: np.full(self.slot.shape, np.nan)}
        inner = values[:, : self.weights]
        if self.outer:
            found[self.entry.key][self.chosen] = inner
        else:
            found[self.entry.key][...] = inner.reshape(self.slot.shape)
        if self.entry.bias:
            found[self.entry.bias] = bias = np.full(self.layout.slots[self.entry.bias].shape, np.nan)
            if self.outer:
                bias[self.chosen[0], 0] = values[0, self.weights]
            else:
                bias[...] = values[:, self.weights :]
        return found

    @cached_property
    def there(self) -> Array:
        """Which cells stand for a parameter at all."""
        there = np.ones((self.rows, self.columns), bool)
        if self.outer and self.entry.bias:
            there[1:, self.weights] = False
        return there

    # ---------------------------------------------------------------- synapses

    @cached_property
    def cut(self) -> Array:
        """Which cells are cut synapses, as a matrix of the table's shape."""
        return self._marked(self.wire.cut if self.wire is not None else frozenset())

    @cached_property
    def locked(self) -> Array:
        """Which cells are locked."""
        return self._marked(self.wire.locked if self.wire is not None else frozenset())

    def _marked(self, cells: frozenset[tuple[int, int]]) -> Array:
        marked = np.zeros((self.rows, self.columns), bool)
        if cells and self.wire is not None:
            rows = {key: place for place, key in enumerate(self.document.layer(self.layer).units)}
            columns = {key: place for place, key in enumerate(self.document.layer(self.source).units)}
            for receiver, sender in cells:
                if receiver in rows and sender in columns:
                    marked[rows[receiver], columns[sender]] = True
        return marked

    def synapse(self, row: int, column: int) -> Synapse | None:
        """The synapse of a cell, where it is one that can be drawn and cut."""
        if self.wire is None or column >= self.weights:
            return None
        sender = self.document.layer(self.source).units[column]
        return self.source, sender, self.layer, self.document.layer(self.layer).units[row]

    # ---------------------------------------------------------------- names

    @property
    def symbol(self) -> Symbol:
        """W[1]."""
        return matrix_of(self.layout, self.entry.key)

    def symbol_at(self, row: int, column: int) -> Symbol:
        """w[1]_{3,2}."""
        spot = self.spot(row, column)
        return symbol_of(self.layout, *spot) if spot is not None else Symbol("")

    def row_symbol(self, row: int) -> Symbol:
        """The receiving unit."""
        return self._axis_symbol(len(self.slot.shape) - 2 if len(self.slot.shape) > 1 else 0, row)

    def column_symbol(self, column: int) -> Symbol:
        """The sending unit, or b."""
        if column >= self.weights:
            return Symbol("b", self.layout.nodes[self.layer].label)
        if len(self.slot.shape) < 2:
            return self.symbol
        if self.weights == 1 and self.slot.part.axes[-1] is None:
            return self.symbol
        return self._axis_symbol(len(self.slot.shape) - 1, column)

    def _axis_symbol(self, axis: int, place: int) -> Symbol:
        layer = self.slot.part.axes[axis]
        if layer is None or layer not in self.layout.nodes:
            return Symbol(str(place + 1))
        if self.layout.nodes[layer].shape[0] != self.slot.shape[axis]:
            return Symbol(str(place + 1))
        return unit_symbol(self.layout, layer, place)
