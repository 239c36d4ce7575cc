"""What the generated data sets in the plane share: points of several classes, blurred by noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.arrays import one_hot, read_only, target_names
from engine.datasets.base import Data, DataSet, Task
from engine.datasets.chance import bell, generator, shuffled


@dataclass(frozen=True)
class Points(DataSet):
    """``x = place of the example on its class's figure + noise * bell(0, 1)`` in both features.

    The classes take turns (example i belongs to class i mod k) and the places on a figure come
    in random order, so that every batch has a bit of everything even if nobody shuffles.
    """

    group = "Generated"

    examples: int = knob(200, "Examples", symbol="m", minimum=10, maximum=10_000)
    noise: float = knob(
        0.1, "Noise", minimum=0.0, maximum=2.0, help="Standard deviation of the blur in each feature."
    )

    def load(self, seed: int) -> Data:
        rng = generator(seed)
        k = self.number_of_classes()
        X = np.empty((2, self.examples))
        for c in range(k):
            count = len(range(c, self.examples, k))
            X[0, c::k], X[1, c::k] = self.places(c, shuffled(rng, count), count)
        X += self.noise * bell(rng, X.shape)
        labels = np.arange(self.examples) % k
        Y = labels[np.newaxis] if k == 2 else one_hot(labels, k)
        return Data(
            X=read_only(X),
            Y=read_only(Y),
            features=("x1", "x2"),
            targets=target_names(len(Y)),
            task=Task.BINARY if k == 2 else Task.CLASSES,
            classes=tuple(str(c) for c in range(k)),
            source=f"Synthetic: drawn by Axon with seed {seed}; free to use.",
        )

    def number_of_classes(self) -> int:
        """How many figures there are."""
        return 2

    def places(self, c: int, j: Array, count: int) -> tuple[Array, Array]:
        """x1 and x2, each (count,), of the examples numbered j (of 0..count-1) of class c."""
        raise TypeError(f"{type(self).__name__} has no figure")
