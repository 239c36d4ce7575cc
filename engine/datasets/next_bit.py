"""Does the bit change at the next step?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.chance import generator
from engine.datasets.tokens import SILENT, step_names


@datasets.add("next_bit")
@dataclass(frozen=True)
class NextBit(DataSet):
    """Random bits x(t), sequences (1, T); ``y(t) = x(t) XOR x(t+1)``, whether the bit is about to change.

    Targets are class numbers, one a step; at the last step there is no next bit and nothing is
    asked (−1). Whoever reads from left to right only cannot know x(t+1): the best accuracy is
    1/2. Whoever reads in both directions can reach 1.

    Source of the question: M. Schuster and K. Paliwal, Bidirectional Recurrent Neural Networks,
    IEEE Transactions on Signal Processing 45 (1997) 2673-2681.
    """

    title = "Next bit"
    summary = "Is the bit about to change? The answer lies one step in the future of the sequence."
    group = "Sequences"
    rank = 71

    examples: int = knob(1000, "Examples", symbol="m", minimum=10, maximum=5000)
    time: int = knob(12, "Steps", symbol="T", minimum=3, maximum=100)

    def load(self, seed: int) -> Data:
        m, T = self.examples, self.time
        bits = (generator(seed).random((T, m)) < 0.5).astype(np.int64)
        changes = np.full((T, m), SILENT)
        changes[:-1] = bits[:-1] ^ bits[1:]
        return Data(
            X=read_only(bits),
            Y=read_only(changes),
            features=step_names("x1", T),
            targets=step_names("y", T),
            task=Task.CLASSES,
            classes=("0", "1"),
            source=f"Synthetic: drawn by Axon with seed {seed}; free to use.",
            shape=(1, T),
            target_shape=(2, T),
            coded=True,
        )
