"""What an augmentation is: examples that are varied each time they are learned from."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.core.place import Shape
from engine.core.plan import Array
from engine.core.registry import Kind, Registry


class Augmentation(Kind):
    """Varied copies of a batch; targets stay as they are, unless every place has one of its own."""

    rank: ClassVar[int] = 100
    plain: ClassVar[bool] = False
    """Whether ``varied`` gives the examples back as they are."""
    moves: ClassVar[bool] = False
    """Whether the places of an example move, so that targets of single places must move along."""

    def varied(self, X: Array, shape: Shape, chance: np.random.Generator) -> Array:
        """Examples (n, m) varied, which stay as they are; ``shape`` is that of one, (n,) for a vector.

        A kind that ``moves`` places moves them in the same way for the same numbers of chance,
        however many rows every place has.
        """
        raise TypeError(f"{type(self).__name__} varies nothing")


augmentations: Registry[Augmentation] = Registry("augmentation", "engine.augmentations")
