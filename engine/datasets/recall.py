"""Recall the first symbol."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.chance import generator
from engine.datasets.tokens import step_names


@datasets.add("recall")
@dataclass(frozen=True)
class Recall(DataSet):
    """Sequences (2, T): x1 is −1 or +1 by chance at every step, x2 is 1 at the first step and 0 after.

    ``y = 1 if x1(t=1) = +1 else 0``, asked after the last step. The later symbols look like the
    first, so a network must hold one bit for T − 1 steps against noise. The two classes take
    turns.

    Source: after S. Hochreiter and J. Schmidhuber, Long Short-Term Memory, Neural Computation 9
    (1997) 1735-1780, experiment 2.
    """

    title = "Recall the first symbol"
    summary = (
        "Which symbol came first? A sequence of −1 and +1 whose marked first symbol must be kept in mind."
    )
    group = "Sequences"
    rank = 70

    examples: int = knob(1000, "Examples", symbol="m", minimum=10, maximum=5000)
    time: int = knob(
        20, "Steps", symbol="T", minimum=5, maximum=200, help="How long the symbol must be kept."
    )

    def load(self, seed: int) -> Data:
        m, T = self.examples, self.time
        x1 = np.where(generator(seed).random((T, m)) < 0.5, -1.0, 1.0)
        y = np.arange(m) % 2
        x1[0] = 2.0 * y - 1.0
        x2 = np.zeros((T, m))
        x2[0] = 1.0
        return Data(
            X=read_only(np.concatenate((x1, x2))),
            Y=read_only(y[np.newaxis]),
            features=step_names("x1", T) + step_names("x2", T),
            targets=("y",),
            task=Task.BINARY,
            classes=("first is −1", "first is +1"),
            source=f"Synthetic: drawn by Axon with seed {seed}; free to use.",
            shape=(2, T),
        )
