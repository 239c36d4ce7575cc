"""What a block shows at a moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BlockFace:
    """The values of a block's output, or in the backward phase how the loss changes with them."""

    values: NDArray[np.floating] | None = None
    known: NDArray[np.bool_] | None = None
    """Which of them are calculated already; ``None`` for all."""
    slope: bool = False
    cell: Index | None = None
    """The one that is calculated now."""
    near: tuple[Index, ...] = ()
    """Those that it is calculated from."""
    faded: bool = False

    def same_as(self, other: BlockFace) -> bool:
        """Whether both look alike, as far as that can be told without comparing all numbers."""
        one = (self.cell, self.near, self.faded, self.slope)
        two = (other.cell, other.near, other.faded, other.slope)
        return self.values is other.values and self.known is other.known and one == two


EMPTY = BlockFace()
