"""What to say where training went wrong: the layer, the update and the likely cause."""

from __future__ import annotations

import math

import numpy as np

from engine.layout import Node
from engine.losses import losses
from engine.network import Network
from engine.optimizers import optimizers


def divergence(network: Network, step: int) -> str:
    """The sentence for a J that is not a finite number, after the lines up to J have run.

    ``step`` is the update, counted from 0. The layer named is the first one, in the order of
    calculation, whose output is not finite.
    """
    said = "is not a number" if math.isnan(network.J) else "grew beyond all bounds"
    found = next((each for each in network.layout.active if not _finite(network, each)), None)
    where = "" if found is None else f", first in layer {found.label} '{found.layer.name or found.layer.id}'"
    return (
        f"Training stopped at update {step + 1}: the loss J {said}{where}."
        f"{_cause(network, found)} The last good state is kept."
    )


def _cause(network: Network, found: Node | None) -> str:
    document = network.layout.document
    if found is not None and found.kind.role == "input":
        return " The data has a number that is infinite or not a number."
    if found is None and losses.make(document.loss).probabilities:
        return " A prediction is exactly 0 or 1, and the loss takes its logarithm."
    rate = getattr(optimizers.make(document.optimizer), "learning_rate", None)
    return f" The learning rate {rate:g} is probably too large." if isinstance(rate, float) else ""


def _finite(network: Network, node: Node) -> bool:
    return bool(np.isfinite(node.kind.outcome(network.places[node.layer.id])).all())
