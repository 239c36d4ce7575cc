"""What a block shows at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Index = tuple[int, ...]
Floats = NDArray[np.floating]
Known = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class BlockFace:
    """The values of one array of a block, mostly its output, or how the loss changes with them."""

    values: Floats | None = None
    known: Known | None = None
    """Which of them are calculated already; ``None`` for all."""
    slope: bool = False
    cell: Index | None = None
    """The one that is calculated now."""
    near: tuple[Index, ...] = ()
    """Those that it is calculated from."""
    faded: bool = False
    array: str = "a"
    """The name of the array: a, A for the shares of an attention, W for kernels."""
    others: Mapping[str, Floats] = field(default_factory=dict)
    """Further arrays that belong to the picture: x, c and the gates of a recurrent layer."""
    memory_known: Known | None = None
    """Which cells of c are calculated already; ``None`` for all."""
    tokens: tuple[str, ...] = ()
    """What stands at each position of a text."""
    step: int | None = None
    """The time step that is walked."""
    both: bool = False
    """Whether a recurrent layer reads in both directions."""

    def same_as(self, other: BlockFace) -> bool:
        """Whether both look alike, as far as that can be told without comparing all numbers."""
        one = (self.cell, self.near, self.faded, self.slope, self.array, self.tokens, self.step, self.both)
        two = (other.cell, other.near, other.faded, other.slope, other.array, other.tokens, other.step,
               other.both)  # fmt: skip
        if one != two or not _same(self.values, other.values) or self.others.keys() != other.others.keys():
            return False
        known = ((self.known, other.known), (self.memory_known, other.memory_known))
        return all(_alike(*each) for each in known) and all(
            _same(values, other.others[name]) for name, values in self.others.items()
        )


def _same(one: Floats | None, other: Floats | None) -> bool:
    """Whether two arrays are the same numbers in the same place: a walk looks at its trace anew each step."""
    if one is None or other is None or one is other:
        return one is other
    if one.flags.writeable or other.flags.writeable or one.shape != other.shape:
        return False
    return one.strides == other.strides and one.ctypes.data == other.ctypes.data


def _alike(one: Known | None, other: Known | None) -> bool:
    """Whether the same cells are calculated."""
    return one is other or (one is not None and other is not None and np.array_equal(one, other))


EMPTY = BlockFace()
