"""Probes for the latent plane: the codes of the examples, and what is decoded of any place between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.decoding import decodable, decoded, moved
from engine.network import Network
from engine.session.present import Present
from engine.session.probes import Probe
from engine.trainer import Trainer


@dataclass(frozen=True, slots=True)
class Codes(Probe):
    """Where a layer puts the first examples of the data; they are shown without noise."""

    layer: str
    limit: int = 500

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Array | None:
        """(n, m); ``None`` where the network takes in more than an example."""
        return _codes(self.layer, trainer.data.X[:, : self.limit], trainer, networks)


@dataclass(frozen=True, slots=True, eq=False)
class Decoding(Probe):
    """What is decoded of places (2, m) along two numbers of a code; the others are those of the example."""

    layer: str
    axes: tuple[int, int]
    places: Array
    example: int = 0

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Array | None:
        """The prediction, (k, ..., m); ``None`` where the layer is no code that can be decoded."""
        here = min(self.example, trainer.data.m - 1)
        codes = _codes(self.layer, trainer.data.X[:, [here]], trainer, networks)
        there = (node.layer.id for node in decodable(trainer.layout))
        if codes is None or max(self.axes) >= len(codes) or self.layer not in there:
            return None
        return decoded(Present(trainer, networks), self.layer, moved(codes[:, 0], self.axes, self.places))


def _codes(layer: str, X: Array, trainer: Trainer, networks: Callable[[int], Network]) -> Array | None:
    if len(X) != trainer.features or not X.shape[1]:
        return None
    network = networks(X.shape[1])
    if layer not in network.places:
        return None
    network.feed(X)
    network.forward()
    return np.array(network.places[layer].a, np.float64)
