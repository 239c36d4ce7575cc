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


def decision_line(surface: Array, level: float) -> tuple[Array, Array]:
    """The contour, led on to the edges of the picture, half a cell beyond the outermost samples.

    What cuts off no more than a twentieth of the picture in a corner is left out: the range reaches further
    beyond the data than that, and so short a piece looks like a stray mark.
    """
    rows, columns = surface.shape
    if min(rows, columns) < 2:
        return contour(surface, level)
    wide = np.empty((rows + 2, columns + 2))
    wide[1:-1, 1:-1] = surface
    wide[0, 1:-1] = 1.5 * surface[0] - 0.5 * surface[1]
    wide[-1, 1:-1] = 1.5 * surface[-1] - 0.5 * surface[-2]
    wide[:, 0] = 1.5 * wide[:, 1] - 0.5 * wide[:, 2]
    wide[:, -1] = 1.5 * wide[:, -2] - 0.5 * wide[:, -3]
    _level_corners(wide, level, min(rows, columns) // 20)
    x, y = contour(wide, level)
    return _within(x, columns), _within(y, rows)


def _within(places: Array, count: int) -> Array:
    """From the widened grid, whose outer cells are half as wide, to the grid of the samples."""
    inner = np.arange(-1.0, count + 1)
    inner[0], inner[-1] = -0.5, count - 0.5
    return np.interp(places, np.arange(count + 2.0), inner)


def _level_corners(surface: Array, level: float, least: int) -> None:
    """Take a crossing out of a corner where nothing of it leaves the first ``least`` cells."""
    size = least + 2
    for turned in (surface, surface[:, ::-1], surface[::-1], surface[::-1, ::-1]) if least else ():
        corner = turned[:size, :size]
        above = corner > level
        border = np.concatenate([above[-1], above[:-1, -1]])
        if above[0, 0] != border[0] and (border == border[0]).all():
            corner[above != border[0]] = np.nextafter(level, np.inf) if border[0] else level


def _crossing(edge: int, here: Array, x: Array, y: Array, value: Array) -> tuple[Array, Array]:
    one, two = _EDGES[edge]
    a, b = value[one, here], value[two, here]
    share = a / (a - b)
    return (
        x[one, here] + share * (x[two, here] - x[one, here]),
        y[one, here] + share * (y[two, here] - y[one, here]),
    )
