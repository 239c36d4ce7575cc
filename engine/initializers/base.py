"""What an initialiser is."""

from __future__ import annotations

import numpy as np

from engine.core.plan import Array
from engine.core.registry import Kind, Registry


class Initializer(Kind):
    """Draws the first value of a parameter."""

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        """An array of the shape in double precision; fans count the units on either side."""
        raise TypeError(f"{type(self).__name__} draws nothing")


initializers: Registry[Initializer] = Registry("initializer", "engine.initializers")
