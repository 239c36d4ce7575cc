"""What the clouds without targets share: points to be imitated, not judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task
from engine.datasets.chance import bell, generator


@dataclass(frozen=True)
class Cloud(DataSet):
    """``x = place on the figure + noise * bell(0, 1)``; nobody has said anything about the points.

    Networks that generate (adversarial networks, diffusion) need X only. A data set has targets
    too, so Y is X itself: what an autoencoder is asked for, the point again. The project draws
    the points from the knob ``seed``.
    """

    group = "Generated"

    examples: int = knob(1000, "Examples", symbol="m", minimum=10, maximum=10_000)
    noise: float = knob(
        0.05, "Noise", symbol="σ", minimum=0.0, maximum=1.0, help="Standard deviation of the blur."
    )
    seed: int = knob(0, "Seed", minimum=0, maximum=999_999, help="Another seed, another draw.")

    def load(self, seed: int) -> Data:
        rng = generator(seed)
        X = np.stack(self.places(rng)) + self.noise * bell(rng, (2, self.examples))
        fixed = read_only(X)
        return Data(
            X=fixed,
            Y=fixed,
            features=("x1", "x2"),
            targets=("x1", "x2"),
            task=Task.REGRESSION,
            source=f"Synthetic: drawn by Axon with seed {seed}; free to use.",
        )

    def places(self, rng: np.random.Generator) -> tuple[Array, Array]:
        """x1 and x2, each (m,), of the points before they are blurred."""
        raise TypeError(f"{type(self).__name__} has no figure")
