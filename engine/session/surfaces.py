"""A probe for the output of every neuron over the plane of the first two inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.core.place import Shape
from engine.core.plan import Array
from engine.datasets import Data
from engine.network import Network
from engine.session.probes import Probe
from engine.trainer import Trainer

POINTS_OF_A_LINE = 96
"""With one input the output is a curve over so many of its values."""


@dataclass(frozen=True, slots=True, eq=False)
class Surfaces:
    """What each unit gives out over the first two inputs, or over the only one.

    ``values`` has for each layer an array (units, rows, columns), its first row at the top, where
    the second input is largest; with one input (units, points). Further inputs are as in ``example``.
    """

    ranges: tuple[tuple[float, float], ...] = ()
    """From where to where each of the two inputs goes."""
    spot: tuple[float, ...] = ()
    """The example that is looked at: its first inputs."""
    values: Mapping[str, Array] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    """Which of the layers are inputs."""


@dataclass(frozen=True, slots=True)
class UnitSurfaces(Probe):
    """The surfaces of some layers on a grid of ``side`` cells a side."""

    example: int
    layers: tuple[str, ...]
    side: int = 32

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Surfaces:
        """Empty for a network whose input is no vector of numbers."""
        shapes = tuple(node.shape for node in trainer.layout.inputs)
        if not has_plane(trainer.data, shapes) or trainer.features != trainer.data.n:
            return Surfaces()
        here = trainer.inputs(np.array([min(self.example, trainer.data.m - 1)]))[:, :1]
        ranges = tuple(range_of(row) for row in trainer.data.X[: min(2, trainer.features)])
        sides = (self.side, self.side) if len(ranges) == 2 else (POINTS_OF_A_LINE,)
        network = networks(math.prod(sides))
        network.feed(_grid(here, ranges, sides))
        network.forward()
        values = {
            id: network.places[id].a.reshape(len(network.places[id].a), *sides).astype(np.float32)
            for id in self.layers
            if id in network.places and network.places[id].a.ndim == 2
        }
        inputs = tuple(node.layer.id for node in trainer.layout.inputs)
        return Surfaces(ranges, tuple(here[: len(ranges), 0].tolist()), values, inputs)


def has_plane(data: Data, inputs: tuple[Shape, ...]) -> bool:
    """Whether the examples are vectors of numbers, so that two of them make a plane."""
    vectors = all(len(shape) == 1 for shape in inputs)
    return vectors and bool(inputs) and not data.shape and not data.symbols and data.m > 0


def range_of(values: Array) -> tuple[float, float]:
    """From where to where a feature is shown: all its values with a margin."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all() or low == high:
        return (low - 1.0, low + 1.0) if np.isfinite(low) else (-1.0, 1.0)
    few = len(np.unique(values[:64])) <= 4
    margin = (0.3 if few else 0.12) * (high - low)
    return low - margin, high + margin


def _grid(here: Array, ranges: tuple[tuple[float, float], ...], sides: tuple[int, ...]) -> Array:
    """The example as columns, its first inputs put through all places of the grid."""
    X = np.repeat(here, math.prod(sides), axis=1)
    places = [
        low + (np.arange(count) + 0.5) * (high - low) / count
        for (low, high), count in zip(ranges, sides, strict=True)
    ]
    if len(places) == 2:
        across, up = np.meshgrid(places[0], places[1][::-1])
        X[0], X[1] = across.ravel(), up.ravel()
    else:
        X[0] = places[0]
    return X
