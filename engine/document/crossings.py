"""The order of the layers and lanes within the columns, so that few lines cross."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from engine.document.columns import Node

WORTH = 50
"""Of many crossings at least one in so many has to go with each change of the order."""

Rows = list[list[int]]
"""Of each column the numbers of its nodes, from top to bottom."""


def in_order(nodes: Sequence[Node], heights: Sequence[float], count: int) -> Rows:
    """The columns as they are now, but the members of a group side by side."""
    rows: Rows = [[] for _ in range(count)]
    for number in sorted(range(len(nodes)), key=lambda n: (heights[n], nodes[n].lane, n)):
        rows[nodes[number].column].append(number)
    return [_together(nodes, row) for row in rows]


def uncrossed(nodes: Sequence[Node], rows: Rows) -> Rows:
    """From the present order on, only to what crosses less."""
    fewest = _crossings(nodes, rows)
    while fewest:
        found = rows
        for forward in (True, False):
            found = _swept(nodes, found, forward)
            crossed = _crossings(nodes, found)
            if crossed < fewest - fewest // WORTH:
                rows, fewest = found, crossed
                break
        else:
            break
    return rows


def _together(nodes: Sequence[Node], row: list[int]) -> list[int]:
    """The members of a group stand side by side, at the place of the first."""
    if not any(nodes[number].group for number in row):
        return row
    groups: dict[str, list[int]] = {}
    for number in row:
        group = nodes[number].group
        groups.setdefault(group or f"/{number}", []).append(number)
    return [number for members in groups.values() for number in members]


def _swept(nodes: Sequence[Node], rows: Rows, forward: bool) -> Rows:
    """Each column sorted by where the neighbours on one side stand, column after column."""
    made = [list(row) for row in rows]
    place = [0] * len(nodes)
    for row in rows[:1] if forward else rows[-1:]:
        for at, number in enumerate(row):
            place[number] = at
    for column in range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1):
        row, beside = made[column], len(made[column - 1 if forward else column + 1])
        middle: dict[int, float] = {}
        for at, number in enumerate(row):
            near = nodes[number].before if forward else nodes[number].behind
            middle[number] = sum([place[n] for n in near]) / len(near) if near else at * beside / len(row)
        made[column] = _together(nodes, sorted(row, key=middle.__getitem__))
        for at, number in enumerate(made[column]):
            place[number] = at
    return made


def _crossings(nodes: Sequence[Node], rows: Rows) -> int:
    """How many pairs of lines cross between neighbouring columns."""
    count = 0
    place = [0] * len(nodes)
    for one, two in pairwise(rows):
        for at, number in enumerate(two):
            place[number] = at
        above: list[int] = []
        for number in one:
            for end in sorted([place[n] for n in nodes[number].behind]):
                if not above or end >= above[-1]:
                    above.append(end)
                else:
                    at = bisect_right(above, end)
                    count += len(above) - at
                    above.insert(at, end)
    return count
