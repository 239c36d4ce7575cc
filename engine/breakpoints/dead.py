"""A neuron that dies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.breakpoints.base import Breakpoint, Now, breakpoints, gone, titled
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets import Data
from engine.layout import Layout, Node
from engine.network import Network


@breakpoints.add("dead")
@dataclass(frozen=True)
class NeuronDies(Breakpoint):
    """z of a neuron with ReLU, or a function that is as flat below 0, is ≤ 0 for all examples.

    It gives out the same for every example then, and no gradient comes through it.
    """

    title = "Neuron dies"
    summary = "Stops when a ReLU neuron has z ≤ 0 for every example of the data."
    slow = True
    rank = 50

    layer: str = knob("", "Layer", help="Its id; empty for every layer.")
    unit: int | None = knob(
        None, "Neuron", minimum=0, maximum=1_000_000_000, optional=True, none_label="any",
        help="The key of the neuron in its layer.",
    )  # fmt: skip

    def said(self, layout: Layout) -> str:
        of = titled(layout, self.layer) if self.layer else "any layer"
        if self.unit is not None and self.layer in layout.nodes:
            layer = layout.document.layer(self.layer)
            if self.unit in layer.units:
                return f"neuron {layer.unit(self.unit) + 1} of {of} dies"
        return f"a neuron of {of} dies"

    def unfit(self, layout: Layout, data: Data) -> str:
        lost = gone(layout, self.layer)
        if lost:
            return lost
        if self.unit is not None and not any(
            self.unit in layout.document.layer(each.layer.id).units for each in self._nodes(layout)
        ):
            return "There is no such neuron that could die."
        if not self._nodes(layout):
            return "Only neurons with ReLU, or a function that is as flat below 0, can die."
        return ""

    def read(self, network: Network, layout: Layout) -> Array:
        """The largest z of every unit for every example: (units, m)."""
        found = []
        for node in self._nodes(layout):
            z = network.plan.arrays[node.layer.id, "z"]
            found.append(z.reshape(z.shape[0], -1, z.shape[-1]).max(axis=1))
        return np.concatenate(found)

    def look(self, now: Now, before: object) -> Array:
        """Which units are dead, of all layers in a row."""
        dead: Array = now.readings[self].max(axis=-1) <= 0.0
        return dead

    def check(self, before: Array | None, after: Array, now: Now) -> str:
        if before is None:
            return ""
        who = [(node, place) for node in self._nodes(now.layout) for place in range(node.shape[0])]
        died = [who[each] for each in np.flatnonzero(after & ~before)]
        if self.unit is not None:
            died = [(node, place) for node, place in died if self._means(node, place)]
        if not died:
            return ""
        node, place = died[0]
        more = f" {len(died) - 1:,} more died too." if len(died) > 1 else ""
        who_died = f"{'channel' if len(node.shape) == 3 else 'neuron'} {place + 1}"
        return (
            f"{who_died} of {titled(now.layout, node.layer.id)} is dead:"
            f" its z is ≤ 0 for all {now.data.m:,} examples, so that it learns nothing more.{more}"
        )

    def _means(self, node: Node, place: int) -> bool:
        units = node.layer.units
        return place < len(units) and units[place] == self.unit

    def _nodes(self, layout: Layout) -> list[Node]:
        return [node for node in layout.active if self.layer in {"", node.layer.id} and _can_die(node)]


def _can_die(node: Node) -> bool:
    """Whether the layer's function has no slope anywhere below 0, but has some above."""
    g = getattr(node.kind, "g", None)
    if g is None or not g.elementwise or g.blocks(node.layer.id, node.shape):
        return False
    slopes = g.derivative(np.array([[-8.0, -1.0, -0.01, 0.5]]))[0]
    return bool((slopes[:3] == 0.0).all() and slopes[3] != 0.0)
