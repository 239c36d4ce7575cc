"""A probe for the layers side by side: weights, gradients, the next change, activations.

Gradient and change are those of the update that comes next. A trainer of its own does that update ahead, so
they are known before the first one, and the trainer that runs never notices.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from engine.census import census
from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.figures import Spread, spread
from engine.layout import Layout
from engine.network import Network
from engine.session.probes import Probe
from engine.trainer import Trainer

MOST_EXAMPLES = 500


@dataclass(frozen=True, slots=True, eq=False)
class LayerFigures:
    """One layer; what it has not (an input has no weights) is missing."""

    layer: str
    spreads: Mapping[str, Spread]
    """Of ``weights``, ``gradients``, ``changes`` and ``activations``."""
    flat: float | None = None
    """The share of examples and units without a slope worth speaking of, where that can be."""

    @property
    def ratio(self) -> float | None:
        """The next change beside the weights: ‖Δw‖ / ‖w‖."""
        weights, changes = self.spreads.get("weights"), self.spreads.get("changes")
        if weights is None or changes is None or not weights.rms:
            return None
        return changes.rms / weights.rms


@dataclass(frozen=True, slots=True)
class Figures:
    """All layers from the first to the last, before update ``step``."""

    step: int = 0
    layers: tuple[LayerFigures, ...] = ()


class Ahead:
    """Does the next update on numbers of its own. It belongs to the worker's thread."""

    def __init__(self) -> None:
        self._of: weakref.ref[Trainer] | None = None
        self._second: Trainer | None = None

    def look(self, trainer: Trainer) -> tuple[Mapping[str, Array], Mapping[str, Array]]:
        """By key the gradient of the next update, and by how much it changes the weights.

        Both are empty where that update fails.
        """
        learned = trainer.learned
        if self._second is None or self._of is None or self._of() is not trainer:
            dtype = trainer.store.dtype.type
            self._second = Trainer(trainer.document, trainer.data, learned, dtype=dtype)
            self._of = weakref.ref(trainer)
        second = self._second
        second.load(learned)
        try:
            second.advance()
        except AxonError:
            return {}, {}
        after = second.store.parameters
        changes = {key: after[key] - trainer.store.parameters[key] for key in second.store.gradients}
        return second.store.gradients, changes


@dataclass(frozen=True, slots=True, eq=False)
class Figuring(Probe):
    """The figures of all layers."""

    ahead: Ahead = field(default_factory=Ahead)
    kinds: ClassVar[tuple[str, ...]] = ("weights", "gradients", "changes", "activations")

    def answer(self, trainer: Trainer, networks: Callable[[int], Network]) -> Figures:
        """Weights without biases: these are few, and of another size."""
        X = trainer.inputs(np.arange(min(trainer.data.m, MOST_EXAMPLES)))
        network = networks(X.shape[1])
        network.feed(X)
        network.forward()
        flat = {each.layer: float(each.flat.mean()) for each in census(network)}
        gradients, changes = self.ahead.look(trainer)
        found = []
        with np.errstate(all="ignore"):
            for node in trainer.layout.active:
                id = node.layer.id
                spreads = {}
                for kind, arrays in (
                    ("weights", trainer.store.parameters), ("gradients", gradients), ("changes", changes),
                ):  # fmt: skip
                    values = [arrays[key].ravel() for key in _weights(trainer.layout, id) if key in arrays]
                    if values:
                        spreads[kind] = spread(np.concatenate(values))
                place = network.places.get(id)
                if place is not None:
                    spreads["activations"] = spread(place.a)
                found.append(LayerFigures(id, spreads, flat.get(id)))
        return Figures(trainer.step, tuple(found))


def _weights(layout: Layout, layer: str) -> Iterator[str]:
    """The keys of the weights of a layer that are learned."""
    return (
        key
        for key, slot in layout.slots.items()
        if slot.layer == layer and slot.learned and not slot.part.bias
    )
