"""No augmentation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.augmentations.base import Augmentation, augmentations
from engine.core.place import Shape
from engine.core.plan import Array


@augmentations.add("none")
@dataclass(frozen=True)
class NoAugmentation(Augmentation):
    """Every example as it is."""

    title = "None"
    summary = "Every example is learned from as it is."
    plain = True
    rank = 10

    def varied(self, X: Array, shape: Shape, chance: np.random.Generator) -> Array:
        return X
