"""Marching squares."""

from __future__ import annotations

import numpy as np

from gui.panels.charts.contour import contour, decision_line


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


def test_a_decision_line_runs_to_the_edges_of_the_picture() -> None:
    y, x = np.mgrid[0:40, 0:40].astype(float)
    xs, ys = decision_line(x - 0.3 * y, 14.0)
    assert (ys.min(), ys.max()) == (-0.5, 39.5)
    assert np.allclose(xs - 0.3 * ys, 14.0)


def test_a_speck_in_a_corner_is_no_decision_line() -> None:
    """A surface that just reaches the level outside of all data drew a mark in the corner."""
    y, x = np.mgrid[0:64, 0:64].astype(float)
    falling = y - x
    for surface in (falling, -falling, falling[:, ::-1], falling[::-1].T):
        assert len(decision_line(surface, surface.max() - 1.5)[0]) == 0
        assert len(decision_line(surface, surface.min() + 1.5)[0]) == 0
    assert len(decision_line(falling, 50.0)[0]) > 0
    both = np.maximum(falling, 62.0 * (np.abs(x - 32) < 6) * (np.abs(y - 32) < 6))
    xs, _ = decision_line(both, 61.5)
    assert len(xs) and xs.min() > 20
