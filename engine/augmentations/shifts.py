"""Pictures shifted by some pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.augmentations.base import Augmentation, augmentations
from engine.core.knobs import knob
from engine.core.place import Shape
from engine.core.plan import Array


@augmentations.add("shifts")
@dataclass(frozen=True)
class Shifts(Augmentation):
    """Every picture is moved by up to ``pixels`` along both axes; what comes in at the edge is 0.

    Each shift from −pixels to +pixels is as likely as the others. Data without height and width
    stays as it is; a sequence (features, time) is moved along the time.
    """

    title = "Shifts"
    summary = "Moves every picture by some pixels, another way each time."
    moves = True
    rank = 20

    pixels: int = knob(1, "Pixels", minimum=1, maximum=16, help="The farthest shift along each axis.")

    def varied(self, X: Array, shape: Shape, chance: np.random.Generator) -> Array:
        if len(shape) < 2:
            return X
        axes, m = len(shape) - 1, X.shape[1]
        steps = chance.integers(-self.pixels, self.pixels + 1, (axes, m))
        images = X.reshape(*shape, m)
        moved = np.zeros_like(images)
        for shift in np.unique(steps, axis=1).T:
            chosen = np.flatnonzero((steps == shift[:, None]).all(axis=0))
            there, here = zip(
                *(_overlap(s, side) for s, side in zip(shift, shape[1:], strict=True)), strict=True
            )
            moved[(slice(None), *there, chosen)] = images[(slice(None), *here, chosen)]
        return moved.reshape(X.shape)


def _overlap(shift: int, side: int) -> tuple[slice, slice]:
    """Where the cells of an axis go to and come from."""
    shift = int(np.clip(shift, -side, side))
    return slice(max(shift, 0), side + min(shift, 0)), slice(max(-shift, 0), side - max(shift, 0))
