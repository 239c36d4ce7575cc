"""A weight that changes its sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.breakpoints.base import Breakpoint, Now, breakpoints, gone, learned_of, titled
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets import Data
from engine.layout import Layout
from engine.symbols import symbol_of

Cell = tuple[str, tuple[int, ...]]
Seen = dict[str, tuple[Array, Array]]
"""For every parameter the values and the last sign that was not 0."""


@breakpoints.add("sign")
@dataclass(frozen=True)
class SignFlips(Breakpoint):
    """A weight that was positive becomes negative, or the other way round.

    One that passes through exactly 0 flips when it comes out on the other side. ``receiver`` and
    ``sender`` are stable keys of units, so that the breakpoint stays with its synapse in an edit.
    """

    title = "Sign of a weight flips"
    summary = "Stops when a weight becomes negative or positive."
    rank = 40

    layer: str = knob("", "Layer", help="Its id; empty for every layer.")
    part: str = knob("weights", "Of its", choices=("weights", "biases", "weights and biases"))
    source: str = knob("", "From layer", help="The id of the layer that sends; empty for any.")
    receiver: int | None = knob(
        None, "Receiving neuron", minimum=0, maximum=1_000_000_000, optional=True, none_label="any"
    )
    sender: int | None = knob(
        None, "Sending neuron", minimum=0, maximum=1_000_000_000, optional=True, none_label="any"
    )

    def said(self, layout: Layout) -> str:
        cells = self._cells(layout) if self._single else []
        if len(cells) == 1:
            return f"{symbol_of(layout, *cells[0]).text} changes its sign"
        what = {"weights": "a weight", "biases": "a bias"}.get(self.part, "a weight or bias")
        to = layout.document.layer(self.layer) if self.layer in layout.nodes else None
        if to is not None and self.receiver in to.units:
            what = f"{what} of neuron {to.unit(self.receiver) + 1}"
        where = titled(layout, self.layer) if self.layer else "any layer"
        return f"{what} of {where} changes its sign"

    def unfit(self, layout: Layout, data: Data) -> str:
        lost = gone(layout, self.layer) or gone(layout, self.source)
        if not lost and not self._keys(layout):
            return "There is no such weight to be learned."
        if not lost and self._single and not self._cells(layout):
            return "Its neuron is no longer there."
        return lost

    def look(self, now: Now, before: Seen | None) -> Seen:
        found: Seen = {}
        for key in self._keys(now.layout):
            values = now.parameters[key][self._within(now.layout, key)].copy()
            signs = np.sign(values)
            if before is not None:
                signs = np.where(signs == 0.0, before[key][1], signs)
            found[key] = values, signs
        return found

    def check(self, before: Seen | None, after: Seen, now: Now) -> str:
        if before is None:
            return ""
        flipped = [
            (key, tuple(int(each) for each in place))
            for key, (_, signs) in after.items()
            for place in np.argwhere(signs * before[key][1] < 0.0)
        ]
        if not flipped:
            return ""
        key, place = flipped[0]
        value, was = after[key][0][place], before[key][0][place]
        symbol = symbol_of(now.layout, key, self._index(now.layout, key, place)).text
        more = f" {len(flipped) - 1:,} more flipped too." if len(flipped) > 1 else ""
        sign = "positive" if value > 0 else "negative"
        return f"{symbol} is {sign} now: {value:.4g}, it was {was:.4g}.{more}".replace(" -", " −")

    @property
    def _single(self) -> bool:
        return self.receiver is not None or self.sender is not None

    def _keys(self, layout: Layout) -> list[str]:
        found = []
        for key in learned_of(layout, self.layer):
            name = key.partition(".")[2]
            source = name.partition(".")[2]
            bias = layout.slots[key].part.bias
            wanted = self.part == "weights and biases" or bias == (self.part == "biases")
            if wanted and (bias or not self.source or source == self.source):
                found.append(key)
        return found

    def _within(self, layout: Layout, key: str) -> tuple[slice, ...]:
        """The part of a parameter that is looked at: all of it, or the cells of certain units."""
        slot = layout.slots[key]
        made = [slice(None)] * len(slot.shape)
        axes = slot.part.axes
        for axis, unit in ((0, self.receiver), (1, self.sender)):
            if unit is not None and axis < len(axes) and axes[axis] is not None:
                layer = layout.document.layer(str(axes[axis]))
                at = layer.unit(unit) if unit in layer.units else None
                made[axis] = slice(0, 0) if at is None else slice(at, at + 1)
        return tuple(made)

    def _index(self, layout: Layout, key: str, place: tuple[int, ...]) -> tuple[int, ...]:
        within = self._within(layout, key)
        return tuple((each.start or 0) + at for each, at in zip(within, place, strict=True))

    def _cells(self, layout: Layout) -> list[Cell]:
        return [
            (key, self._index(layout, key, tuple(int(each) for each in place)))
            for key in self._keys(layout)
            for place in np.ndindex(np.empty(layout.slots[key].shape, bool)[self._within(layout, key)].shape)
        ]
