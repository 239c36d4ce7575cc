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
    made, scale = p.passing(block.shape), np.ones(block.shape[axis], block.dtype)
    scale[rows] = 0.5
    shape = [-1 if each == axis else 1 for each in range(block.ndim)]
    p.forward("½ W, ½ U of the gates with σ", "z", np.multiply, block, scale.reshape(shape), made)
    return made


def enter_gates(p: Place, names: Sequence[str], gates: Array, z: Array, whole: str) -> None:
    """The gates (time, gate, unit, example) by their names, and for an explanation what z was.

    Of the gates with σ the half of z was used; ``whole`` is the one with tanh.
    """
    for row, name in enumerate(names):
        p.name(name, by_unit(gates[:, row]))
        if p.explains:
            scale, shown = p.plan.constant(1.0 if name == whole else 2.0), p.array(f"z{name}")
            half = by_unit(z[:, row])
            p.forward(f"z{name}, of which the half was used", f"z{name}", np.multiply, half, scale, shown)


def by_unit(values: Array) -> Array:
    """What lies as (time, unit, example), seen as (unit, time, example)."""
    return values.transpose(1, 0, 2)


def by_time(p: Place, values: Array, what: str) -> Array:
    """The line for a copy as (time, unit, example) of what lies as (unit, time, example)."""
    n, T, m = values.shape
    made = p.passing((T, n, m))
    p.backward(f"{what}⟨t⟩, one step in one piece", what, np.copyto, by_unit(made), values)
    return made
