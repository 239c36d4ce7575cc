"""Marching squares."""

from __future__ import annotations

import numpy as np

from gui.panels.charts.contour import contour


def test_a_plane_is_cut_along_a_straight_line() -> None:
    y, x = np.mgrid[0:20, 0:30].astype(float)
    xs, ys = contour(x + 2 * y, 17.3)
    assert len(xs) % 2 == 0
    assert np.allclose(xs + 2 * ys, 17.3)
    assert ys.min() == 0.0


def test_a_circle_is_closed() -> None:
    y, x = np.mgrid[0:40, 0:40].astype(float)
    xs, ys = contour(np.hypot(x - 19.5, y - 19.5), 12.0)
    assert np.abs(np.hypot(xs - 19.5, ys - 19.5) - 12.0).max() < 0.02
    ends = {(round(a, 6), round(b, 6)) for a, b in zip(xs, ys, strict=True)}
    assert len(ends) == len(xs) // 2


def test_saddles_and_flat_ground() -> None:
    xs, _ = contour(np.array([[1.0, 0.0], [0.0, 1.0]]), 0.5)
    assert len(xs) == 4
    assert len(contour(np.zeros((5, 5)), 0.5)[0]) == 0
    assert len(contour(np.full((5, 5), np.nan), 0.5)[0]) == 0
