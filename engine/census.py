"""The census of hidden units: for how many examples no gradient comes through, and who is dead.

A unit passes blame on through dz = da · g'(z). Where g'(z) is 0, or next to nothing beside the steepest slope
of g, it learns nothing from that example: a ReLU with z ≤ 0, a sigmoid or tanh far out. A unit with g'(z) = 0
for every example is dead: its weights do not move any more.

Source: Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.activations import Activation
from engine.core.plan import Array
from engine.layout import Layout, Node
from engine.network import Network

FLAT = 0.01
"""A slope below this share of the steepest one counts as flat."""
REACH = 40.0
"""The steepest slope is looked for within this distance from 0."""
MOST_EXAMPLES = 2000


@dataclass(frozen=True, slots=True, eq=False)
class LayerCensus:
    """One layer: for each unit (of an image: channel) the share of flat places, and whether it is dead."""

    layer: str
    flat: Array
    dead: Array


def counted(layout: Layout) -> tuple[Node, ...]:
    """The hidden layers whose units can be flat."""
    return tuple(
        node
        for node in layout.active
        if node.layer.id != layout.output.layer.id and _steepest(_function_of(node)) > 0.0
    )


def census(network: Network) -> tuple[LayerCensus, ...]:
    """Of the examples of the last forward pass."""
    found = []
    for node in counted(network.layout):
        g, z = _function_of(node), network.plan.arrays.get((node.layer.id, "z"))
        if g is None or z is None or z.shape[0] != node.shape[0]:
            continue
        with np.errstate(all="ignore"):
            slopes = np.abs(g.derivative(z.reshape(len(z), -1)))
        flat = (slopes <= FLAT * _steepest(g)).mean(axis=1)
        found.append(LayerCensus(node.layer.id, flat, (slopes == 0.0).all(axis=1)))
    return tuple(found)


def _function_of(node: Node) -> Activation | None:
    g = getattr(node.kind, "g", None)
    learns = g is not None and bool(g.blocks(node.layer.id, node.shape))
    return g if isinstance(g, Activation) and g.elementwise and not learns else None


@lru_cache(maxsize=64)
def _steepest(g: Activation | None) -> float:
    """The steepest slope of a function; 0 for one that is nowhere flat beside it, as the identity."""
    if g is None:
        return 0.0
    with np.errstate(all="ignore"):
        slopes = np.abs(g.derivative(np.linspace(-REACH, REACH, 4001)[None]))
    steepest = float(slopes.max())
    return steepest if np.isfinite(steepest) and float(slopes.min()) <= FLAT * steepest else 0.0
