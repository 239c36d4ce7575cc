"""A neuron or a layer that a walkthrough comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.breakpoints.base import Breakpoint, Now, breakpoints, gone, titled
from engine.core.knobs import knob
from engine.datasets import Data
from engine.layout import Layout


@breakpoints.add("reached")
@dataclass(frozen=True)
class Reached(Breakpoint):
    """The first step about it, in every phase of every example; training is not stopped.

    ``unit`` is a stable key, so that the breakpoint stays with its neuron in an edit.
    """

    title = "Walkthrough reaches a neuron or layer"
    summary = "Stops a walkthrough, not training, at the first step of a neuron or layer in each phase."
    walks = True
    rank = 20

    layer: str = knob("", "Layer", help="Its id.")
    unit: int | None = knob(
        None, "Neuron", minimum=0, maximum=1_000_000_000, optional=True, none_label="the whole layer",
        help="The key of the neuron in its layer.",
    )  # fmt: skip

    def said(self, layout: Layout) -> str:
        where = titled(layout, self.layer)
        at = self.index(layout)
        return (
            f"the walkthrough reaches {where}"
            if at is None
            else f"the walkthrough reaches neuron {at + 1} of {where}"
        )

    def unfit(self, layout: Layout, data: Data) -> str:
        if not self.layer:
            return "Choose the layer or neuron to stop at."
        lost = gone(layout, self.layer)
        if lost:
            return lost
        readers = [node for node in layout.active if self.layer in node.inputs]
        if layout.nodes[self.layer].kind.role == "input" and any(node.kind.symbolic for node in readers):
            return "Its numbers of symbols are given and have no gradient: no step is about them."
        if self.unit is not None and self.index(layout) is None:
            return "Its neuron is no longer there."
        return ""

    def index(self, layout: Layout) -> int | None:
        """Which neuron of its layer is meant, counted from 0; ``None`` for all."""
        if self.unit is None or self.layer not in layout.nodes:
            return None
        layer = layout.document.layer(self.layer)
        return layer.unit(self.unit) if self.unit in layer.units else None

    def check(self, before: Any, after: Any, now: Now) -> str:
        return ""
