"""What an augmentation is: examples that are varied each time they are learned from."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.core.place import Shape
from engine.core.plan import Array
from engine.core.registry import Kind, Registry


class Augmentation(Kind):
    """Varied copies of a batch; the targets stay as they are."""

    rank: ClassVar[int] = 100
    plain: ClassVar[bool] = False
    """Whether ``varied`` gives the examples back as they are."""

    def varied(self, X: Array, shape: Shape, chance: np.random.Generator) -> Array:
        """Examples (n, m) varied; ``shape`` is that of one example, (n,) for a vector."""
        raise TypeError(f"{type(self).__name__} varies nothing")


augmentations: Registry[Augmentation] = Registry("augmentation", "engine.augmentations")
