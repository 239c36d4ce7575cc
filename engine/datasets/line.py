"""Five points near a straight line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task, datasets


@datasets.add("line")
@dataclass(frozen=True)
class Line(DataSet):
    """x = 0, 1, 2, 3, 4 and y = 1.1, 2.9, 5.2, 6.8, 9.1, near ``y = 2 x + 1``.

    Least squares gives ``y = 1.99 x + 1.04``; without a bias, ``Σ x y / Σ x² = 70.1 / 30``, a line
    through the origin that fits much worse. The seed changes nothing.
    """

    title = "Line"
    summary = "Five points near y = 2x + 1; one neuron with a bias is enough."
    group = "Generated"
    rank = 34

    def load(self, seed: int) -> Data:
        return Data(
            X=read_only(np.array([[0.0, 1.0, 2.0, 3.0, 4.0]])),
            Y=read_only(np.array([[1.1, 2.9, 5.2, 6.8, 9.1]])),
            features=("x",),
            targets=("y",),
            task=Task.REGRESSION,
            source="Synthetic: five points near y = 2x + 1, chosen by hand; free to use.",
        )
