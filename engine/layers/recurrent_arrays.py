"""How the arrays of recurrent layers lie in memory: one time step in one piece.

This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.core.place import Place
from engine.core.plan import Array


def halved(p: Place, block: Array, axis: int, rows: slice) -> Array:
    """The line for a copy of weights with half of those of some gates, which lie along an axis.

    With ½ z in hand σ(z) = ½ tanh(½ z) + ½ needs no pass over all z; the half is exact.
    """
    made, scale = p.scratch(block.shape), np.ones(block.shape[axis], block.dtype)
    scale[rows] = 0.5
    shape = [-1 if each == axis else 1 for each in range(block.ndim)]
    p.forward("½ W, ½ U of the gates with σ", "z", np.multiply, block, scale.reshape(shape), made)
    return made


def by_unit(values: Array) -> Array:
    """What lies as (time, unit, example), seen as (unit, time, example)."""
    return values.transpose(1, 0, 2)


def by_time(p: Place, values: Array, what: str) -> Array:
    """The line for a copy as (time, unit, example) of what lies as (unit, time, example)."""
    n, T, m = values.shape
    made = p.scratch((T, n, m))
    p.backward(f"{what}⟨t⟩, one step in one piece", what, np.copyto, by_unit(made), values)
    return made


def joined(p: Place, names: Sequence[str]) -> Array:
    """The gates (time, gate, unit, example) of which the named arrays are views, in their order."""
    whole = p.known(names[0]).base
    assert whole is not None and whole.shape[1] == len(names)
    return whole
