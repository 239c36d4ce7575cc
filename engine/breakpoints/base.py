"""What a breakpoint is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.core.plan import Array
from engine.core.registry import Kind, Registry
from engine.datasets import Data
from engine.layout import Layout
from engine.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Now:
    """The running network between two updates, to look at and not to change."""

    step: int
    """Updates done."""
    epoch: int
    """How many updates an epoch has."""
    J: float | None
    """What the last update found before it changed the weights; ``None`` if that is not known."""
    layout: Layout
    data: Data
    parameters: Mapping[str, Array]
    gradients: Mapping[str, Array] | None
    """∂J/∂θ of the last update; ``None`` if that is not known: nothing was watched there."""
    readings: Mapping[Breakpoint, Array] = field(default_factory=dict)
    """What ``read`` of each slow breakpoint found for all examples, which are the last axis."""


class Breakpoint(Kind):
    """An event that an update can bring about.

    After every update ``look`` takes down what matters of the state and ``check`` compares it with
    what was taken down before that update. What holds already does not stop the training again; what
    was not known before (``None``) counts as not holding.
    """

    slow: ClassVar[bool] = False
    """Whether it needs a forward pass over the data after every update."""
    walks: ClassVar[bool] = False
    """Whether it stops a walkthrough, and not the training."""
    rank: ClassVar[int] = 100

    def said(self, layout: Layout) -> str:
        """The event in words: ``example 3 becomes correct``."""
        raise TypeError(f"{type(self).__name__} says nothing")

    def unfit(self, layout: Layout, data: Data) -> str:
        """Why it can never happen in this network on this data, in one sentence; empty if it can."""
        return ""

    def read(self, network: Network, layout: Layout) -> Array:
        """What is needed of one forward pass over some examples, which are the last axis."""
        raise TypeError(f"{type(self).__name__} reads nothing")

    def look(self, now: Now, before: Any) -> Any:
        """What to compare later; ``before`` is what was seen one update earlier, or ``None``."""
        return None

    def check(self, before: Any, after: Any, now: Now) -> str:
        """One sentence, without its capital, on what the update brought about; empty for nothing."""
        raise TypeError(f"{type(self).__name__} checks nothing")


breakpoints: Registry[Breakpoint] = Registry("breakpoint", "engine.breakpoints")


def titled(layout: Layout, layer: str) -> str:
    """A layer in a sentence: ``layer [1] 'hidden'``."""
    node = layout.nodes.get(layer)
    return f"layer '{layer}'" if node is None else f"layer {node.label} '{node.layer.name or layer}'"


def gone(layout: Layout, layer: str) -> str:
    """The sentence for a layer that is not there, or takes no part; empty for one that does."""
    if layer and (layer not in layout.nodes or not layout.nodes[layer].active):
        return "Its layer is no longer part of the network."
    return ""


def learned_of(layout: Layout, layer: str) -> list[str]:
    """The keys of the learned parameters of a layer; of all layers if none is named."""
    return [key for key, slot in layout.slots.items() if slot.learned and layer in {"", slot.layer}]
