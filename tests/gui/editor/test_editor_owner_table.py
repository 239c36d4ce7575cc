"""The owner table says of every pixel which line is on top there, and of every point which line is meant."""

from __future__ import annotations

import numpy as np
import pytest

from gui.editor.owner_table import ENTRIES, LEVELS, Builder, Lines, Table, clipped


def table_of(*lines: tuple[float, float, float, float], width: float = 1.0, **more: float) -> Table:
    points = np.array(lines, dtype=float).reshape(-1, 4)
    count = len(points)
    made = Lines(points[:, :2], points[:, 2:], np.full(count, width), np.arange(count))
    return Builder(made, 100, 80, **more).finish()


def owners(table: Table) -> np.ndarray:
    return (table.cells // ENTRIES - 1).reshape(table.height, table.width)


@pytest.mark.parametrize(
    "line", [(10, 10, 90, 10), (10, 10, 10, 70), (10, 10, 90, 70), (90, 70, 20, 5), (5, 60, 80, 55)]
)
@pytest.mark.parametrize("width", [1.0, 2.0, 5.0])
def test_a_line_covers_what_lies_within_its_width(line, width: float) -> None:
    found = owners(table_of(line, width=width)) == 0
    (x0, y0, x1, y1) = line
    way = np.array([x1 - x0, y1 - y0]) / np.hypot(x1 - x0, y1 - y0)
    y, x = np.mgrid[:80, :100] + 0.5
    along = (x - x0) * way[0] + (y - y0) * way[1]
    beside = np.abs((x - x0) * way[1] - (y - y0) * way[0])
    length = np.hypot(x1 - x0, y1 - y0)
    inside = (along > 2 + width / 2) & (along < length - 2 - width / 2) & (beside < width / 2 - 0.5)
    end = 2 + width / 2  # the ends are cut along the pixels
    outside = (along < -end) | (along > length + end) | (beside > width / 2 + 1.0)
    assert found[inside].all()
    assert not found[outside].any()
    assert found.sum() >= 0.8 * length * width


def test_edges_are_smooth() -> None:
    table = table_of((10, 10, 90, 43))
    levels = set((table.cells[table.cells >= ENTRIES] % ENTRIES).tolist())
    assert len(levels) >= 3
    assert levels <= set(range(LEVELS))
    sharp = table_of((10, 10.5, 90, 10.5))
    assert set((sharp.cells[sharp.cells >= ENTRIES] % ENTRIES).tolist()) == {LEVELS - 1}


def test_the_strongest_is_on_top() -> None:
    found = owners(table_of((0, 40, 100, 40), (50, 0, 50, 80), (0, 0, 100, 80)))
    assert found[40, 50] == 2
    assert found[40, 20] == 0
    assert found[20, 50] == 1
    assert owners(table_of((0, 40, 100, 40), (0, 40, 100, 40)))[40].max() == 1


def test_what_lies_outside_is_cut_off() -> None:
    found = owners(table_of((-500, -400, 600, 480), (-50, 90, 150, 90), (-9, -9, -1, -1)))
    assert found[40, 50] == 0
    assert not (found > 0).any()
    start, end, inside = clipped(
        np.array([[-10.0, 5.0], [3.0, 3.0]]), np.array([[30.0, 5.0], [4.0, 4.0]]), 20, 10
    )
    assert inside.all()
    assert start[0].tolist() == [0.0, 5.0]
    assert end[0].tolist() == [20.0, 5.0]


@pytest.mark.parametrize(
    "odd", [(np.nan, 1, 5, 5), (np.inf, 1, 5, 5), (20, 20, 20, 20), (1e300, 0, -1e300, 9)]
)
def test_odd_lines_do_no_harm(odd) -> None:
    found = owners(table_of(odd, (10, 10, 90, 10)))
    assert (found[10] == 1).any() or (found[9] == 1).any()


def test_nothing_at_all() -> None:
    table = table_of()
    assert not table.cells.any()
    assert table.owner_at(50, 40, 9) is None


def test_dashes_are_told_apart() -> None:
    table = table_of((0, 40.5, 100, 40.5), dash=9.0, gap=5.0)
    row = table.cells.reshape(80, 100)[40]
    gaps = row % ENTRIES >= LEVELS
    assert 0.25 < gaps[row >= ENTRIES].mean() < 0.45


def test_the_line_nearest_to_a_point_is_meant() -> None:
    table = table_of((0, 20, 100, 20), (0, 30, 100, 30))
    assert table.owner_at(50, 22, 6) == 0
    assert table.owner_at(50, 27, 6) == 1
    assert table.owner_at(50, 60, 6) is None
    assert table.owner_at(50, 27, 9, np.array([True, False])) == 0
    assert table.owner_at(-300, 27, 9) is None


def test_it_is_made_in_small_pieces() -> None:
    rng = np.random.default_rng(0)
    count = 3000
    points = rng.uniform(0, 80, (count, 4))
    lines = Lines(points[:, :2], points[:, 2:], np.ones(count), np.arange(count))
    builder = Builder(lines, 900, 600)
    assert builder.table is None
    pieces = sum(1 for _ in builder.pieces())
    assert pieces >= 3
    assert builder.table is not None
