"""A probe for what lies inside a layer: shares of an attention, gates and memory of a recurrent layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.core.plan import Array
from engine.network import Network
from engine.session.probes import Probe, run_on
from engine.trainer import Trainer


@dataclass(frozen=True, slots=True)
class BlockArrays(Probe):
    """Named arrays of some layers for one example of the data (counted from 0), from a forward pass."""

    example: int
    wanted: tuple[tuple[str, tuple[str, ...]], ...]
    """For each layer the names of its arrays, as its kind names them."""

    def answer(
        self, trainer: Trainer, networks: Callable[[int], Network]
    ) -> Mapping[str, Mapping[str, Array]]:
        """For each layer its arrays without the examples' axis; what a layer has not is left out."""
        network = run_on(self.example, trainer, networks)
        arrays = network.plan.arrays
        return {
            layer: {name: arrays[layer, name][..., 0].copy() for name in names if (layer, name) in arrays}
            for layer, names in self.wanted
            if layer in network.places
        }
