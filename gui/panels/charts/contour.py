"""Where a surface over a grid crosses a level: marching squares, all cells at once."""

from __future__ import annotations

import numpy as np

from engine.core.plan import Array

_EDGES = ((0, 1), (1, 2), (2, 3), (3, 0))
"""A cell's edges by its corners, which are numbered round it from the lower left."""
_CUTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)),
    6: ((0, 2),), 7: ((3, 2),), 8: ((2, 3),), 9: ((2, 0),), 10: ((0, 1), (2, 3)),
    11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),), 14: ((0, 3),),
}  # fmt: skip
"""Which edges the line joins, by the corners that lie above the level (bit i for corner i)."""


def contour(surface: Array, level: float) -> tuple[Array, Array]:
    """x and y of the line's pieces, in pairs of points; a grid point (row, column) is at (column, row)."""
    above = surface > level
    code = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    rows, columns = np.nonzero((code > 0) & (code < 15))
    if not len(rows):
        return np.zeros(0), np.zeros(0)
    codes = code[rows, columns]
    corner_x = np.stack([columns, columns + 1, columns + 1, columns])
    corner_y = np.stack([rows, rows, rows + 1, rows + 1])
    value = surface[corner_y, corner_x] - level
    xs, ys = [], []
    for number, pieces in _CUTS.items():
        here = np.nonzero(codes == number)[0]
        for piece in pieces if len(here) else ():
            ends = [_crossing(edge, here, corner_x, corner_y, value) for edge in piece]
            xs.append(np.stack([ends[0][0], ends[1][0]], axis=1).ravel())
            ys.append(np.stack([ends[0][1], ends[1][1]], axis=1).ravel())
    return np.concatenate(xs), np.concatenate(ys)


def _crossing(edge: int, here: Array, x: Array, y: Array, value: Array) -> tuple[Array, Array]:
    one, two = _EDGES[edge]
    a, b = value[one, here], value[two, here]
    share = a / (a - b)
    return (
        x[one, here] + share * (x[two, here] - x[one, here]),
        y[one, here] + share * (y[two, here] - y[one, here]),
    )
